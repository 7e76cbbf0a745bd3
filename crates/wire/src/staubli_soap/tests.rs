//! Envelopes composed after the generated proxies' serializers.

use crate::http::ENTRY;
use crate::testing::{Seen, never_panics, run};
use crate::{Effect, Protocol, Side};

fn envelope(space: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope \
         xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:ns1=\"{space}\">\
         <SOAP-ENV:Header><ns1:SessionId>7</ns1:SessionId></SOAP-ENV:Header>\
         <SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    )
}

fn http(head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{head}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn post(space: &str, body: &str) -> Vec<u8> {
    http("POST / HTTP/1.1", &envelope(space, body))
}

fn one(body: &str) -> Seen {
    run(&ENTRY, &[(Side::Client, &post("urn:CS8ServerV3", body))]).remove(0)
}

#[test]
fn the_first_element_of_the_body_is_the_operation() {
    for (body, line) in [
        ("<ns1:setPower><power>true</power></ns1:setPower>", "request set power [operate] true"),
        ("<ns1:stopMotion></ns1:stopMotion>", "request stop motion [operate]"),
        ("<ns1:getRobots/>", "request get robots [observe]"),
        (
            "<ns1:moveJJ><robot>0</robot><joint><item>0.5</item></joint></ns1:moveJJ>",
            "request move jj [operate] 0",
        ),
        (
            "<ns1:startApplication><name>weld</name></ns1:startApplication>",
            "request start application [operate] weld",
        ),
        ("<ns1:melt><a>1</a></ns1:melt>", "request unlisted operation [unknown]"),
    ] {
        let seen = one(body);
        assert_eq!((seen.protocol, seen.line().as_str()), ("staubli-soap", line));
    }
    assert_eq!(one("<ns1:melt><a>1</a></ns1:melt>").values, "melt");
    let moves = Protocol::STAUBLI_SOAP.entry().operations[0].iter();
    let moves = moves.filter(|row| row.effect == Effect::Motion).count();
    assert_eq!(moves, 5);
}

#[test]
fn a_login_tells_the_account_and_never_the_password() {
    let login = |password: &str| {
        one(&format!("<ns1:login><user>default</user><pwd>{password}</pwd></ns1:login>"))
    };
    let seen = login("default");
    assert_eq!(seen.line(), "request login [session] default");
    assert_eq!(seen.facts, ["login=SOAP login default cleartext default"]);
    assert_eq!(login("s3cret").facts, ["login=SOAP login default cleartext"]);
    assert_eq!(login("s3cret").values, "");
}

#[test]
fn a_fault_is_the_outcome_whatever_the_status() {
    let fault = envelope(
        "urn:CS8ServerV3",
        "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode>\
         <faultstring>not logged in</faultstring></SOAP-ENV:Fault>",
    );
    let done = envelope(
        "urn:CS8ServerV3",
        "<ns1:setPowerResponse><retCode>POWER_OK</retCode></ns1:setPowerResponse>",
    );
    let request = post("urn:CS8ServerV3", "<ns1:setPower><power>true</power></ns1:setPower>");
    let answered = |status: &str, body: &str| {
        let answer = http(&format!("HTTP/1.1 {status}"), body);
        run(&ENTRY, &[(Side::Client, &request), (Side::Server, &answer)]).remove(1)
    };
    let seen = answered("500 Internal Server Error", &fault);
    assert_eq!(seen.line(), "response set power [operate] true = soap fault");
    assert_eq!(seen.values, "not logged in");
    assert_eq!(answered("200 OK", &fault).outcome, "soap fault");
    let seen = answered("200 OK", &done);
    assert_eq!((seen.outcome.as_str(), seen.values.as_str()), ("ok", "POWER_OK"));
    assert_eq!(seen.facts, ["role=robot", "vendor=Staubli"]);
}

#[test]
fn envelopes_for_other_servers_stay_http() {
    let other = post("urn:OtherServer", "<ns1:login><user>a</user><pwd>b</pwd></ns1:login>");
    let seen = run(&ENTRY, &[(Side::Client, &other)]);
    assert_eq!((seen[0].protocol, seen[0].line().as_str()), ("http", "request post [unknown] /"));
    let body = envelope("CS8ServerV0", "<ns1:ping/>");
    let text = body.replace("<", "&lt;");
    let seen = run(&ENTRY, &[(Side::Client, &http("POST / HTTP/1.1", &text))]);
    assert_eq!(seen[0].protocol, "http");
}

#[test]
fn every_truncation_waits_and_nothing_panics() {
    let bytes = post("CS8ServerV0", "<ns1:login><user>a</user><pwd>b</pwd></ns1:login>");
    for end in 1..bytes.len() {
        assert!(run(&ENTRY, &[(Side::Client, &bytes[..end])]).is_empty(), "{end}");
    }
    never_panics(&ENTRY, &bytes);
}
