//! The published schema of the report is what the types give.

use std::path::Path;

use schemars::generate::SchemaSettings;

use super::report::Report;

#[test]
fn the_published_schema_is_what_the_types_give() {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let schema = generator.into_root_schema_for::<Report>();
    let made = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/inspect.schema.json");
    if std::env::var_os("LIGHTCURTAIN_REWRITE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == published,
        "docs/formats/inspect.schema.json is not what the types give; look at what changed, then \
         run `LIGHTCURTAIN_REWRITE=1 cargo test -p lightcurtain-cli schema`"
    );
}
