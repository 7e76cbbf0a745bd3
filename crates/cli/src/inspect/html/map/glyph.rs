//! Small pictures of roles, drawn on a field of 20 by 20 in the line's own colour.

/// The picture of a role, as SVG paths.
pub(in crate::inspect::html) const fn paths(role: &str) -> &'static str {
    match role.as_bytes() {
        b"robot" => "M4 17h8M8 17v-4l-3-4 5-5 5 3M15 7l2 2-2 2M5 9l0 0",
        b"plc" => "M3 4h14v12H3zM7.5 4v12M12 4v12M5 7h.8M9.5 7h.8M14 7h.8M5 9.5h.8",
        b"device" => "M10 4a6 6 0 1 0 .01 0M10 8.5a1.5 1.5 0 1 0 .01 0M10 1.5v2.5M10 16v2.5",
        b"hmi" => "M3 4h14v9H3zM6 16.5h8M6 10l2.5-2.5 2 1.5L14 6.5",
        b"engineering" => "M4.5 4.5h11v8h-11zM2 15.5h16M8.5 7L7 8.5 8.5 10M11.5 7L13 8.5 11.5 10",
        b"drive" => "M2.5 6h11v9h-11zM13.5 9.5h4v2h-4M5 6V4h4v2M5.5 9v3M8 9v3M10.5 9v3",
        b"sensor" => {
            "M10 10v7M6.5 17h7M10 7a1.5 1.5 0 1 0 .01 0M6.5 12a5 5 0 0 1 0-7M13.5 12a5 5 0 0 0 0-7"
        }
        b"meter" => "M10 3a7 7 0 1 0 .01 0M10 10l3-3.5M6 12.5h8",
        b"gateway" => {
            "M2.5 6h5v8h-5zM12.5 6h5v8h-5zM7.5 8.5h5M10.5 7L12.5 8.5 10.5 10M12.5 12h-5M9.5 10.5L7.5 12l2 1.5"
        }
        b"network" => "M2.5 7h15v6h-15zM5.5 10h.5M8.5 10h.5M11.5 10h.5M14.5 10h.5M10 13v4M6 17h8",
        b"server" => "M4 3h12v4H4zM4 8h12v4H4zM4 13h12v4H4zM6.5 5h.5M6.5 10h.5M6.5 15h.5",
        b"workstation" => "M3 4h14v9H3zM10 13v3.5M6.5 16.5h7",
        _ => "M7.5 7.5a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M10 14.200v.4",
    }
}
