//! Tests of calls to the server of `bridge`: access control and concurrency.

use std::io::Read;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::json;
use shopfront::serve::Limits;
use shopfront::serve::calls::{Call, Calls, Reply, Verb};

use crate::serve::{open, patient};

fn echo(call: &Call) -> Reply {
    Reply::ok(
        json!({ "parts": call.parts, "body": String::from_utf8_lossy(&call.body), "is_post": call.verb == Verb::Post }),
    )
}

/// Sends `request` to `calls`, and returns the response.
fn asked(calls: &Calls, request: &str) -> String {
    let address = calls.address().strip_prefix("http://").unwrap().to_owned();
    let mut stream = open(
        &calls.address(),
        request.replace("{host}", &address).as_bytes(),
    );
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn sent(request: &str) -> String {
    asked(
        &Calls::start(Some(0), Limits::default(), echo).unwrap(),
        request,
    )
}

const LIST: &str = "GET /api/v1/plugins HTTP/1.1\r\nHost: {host}\r\n\r\n";

#[test]
fn a_caller_that_says_nothing_keeps_nobody_waiting() {
    let calls = Calls::start(Some(0), patient(), echo).unwrap();
    let begun = [
        "",
        "GET /api",
        "POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
        "",
    ];
    let _idle = begun.map(|it| open(&calls.address(), it.as_bytes()));
    for _ in 0..5 {
        assert!(asked(&calls, LIST).starts_with("HTTP/1.1 200 "));
    }
}

#[test]
fn a_call_whose_body_does_not_come_is_told_so() {
    let limits = Limits {
        body: Duration::from_millis(20),
        ..patient()
    };
    let calls = Calls::start(Some(0), limits, echo).unwrap();
    let half = "POST /api HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\nhalf";
    assert!(asked(&calls, half).starts_with("HTTP/1.1 408 "));
}

/// A call that waits for the store delays no other: they are answered concurrently.
#[test]
fn a_call_that_takes_long_is_answered_beside_others() {
    let ((go, gate), (begun, is_begun)) = (channel::<()>(), channel::<()>());
    let gate = Mutex::new(gate);
    let calls = Calls::start(Some(0), patient(), move |call| {
        if call.verb == Verb::Post {
            begun.send(()).unwrap();
            gate.lock().unwrap().recv().unwrap();
        }
        echo(call)
    })
    .unwrap();
    let mut slow = open(
        &calls.address(),
        b"POST /api HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    is_begun.recv().unwrap();
    for _ in 0..5 {
        assert!(asked(&calls, LIST).starts_with("HTTP/1.1 200 "));
    }
    go.send(()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[test]
fn only_programs_of_this_machine_are_answered() {
    let answer = sent(
        "POST /api/v1/rpc/plugins/download HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nabcde",
    );
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
            && answer.contains("\"body\":\"abcde\""),
        "{answer}"
    );
    assert!(answer.contains("\"is_post\":true"), "{answer}");
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n", "403"),
        (
            "GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: https://shop.example\r\n\r\n",
            "403",
        ),
        (
            "GET / HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n\r\n",
            "403",
        ),
        (
            "GET / HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-site\r\n\r\n",
            "403",
        ),
        (
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:x.shop.example\r\n\r\n",
            "403",
        ),
        ("GET / HTTP/1.1\r\nHost: {host}\nX: y\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        (
            "DELETE /api/v1/plugins/tides HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "405",
        ),
        (
            "GET /api/v1/plugins/..%2f..%2fetc HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "400",
        ),
        (
            "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 70000\r\n\r\n",
            "413",
        ),
        (
            "POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "411",
        ),
        (
            "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "400",
        ),
        ("nonsense\r\n\r\n", "400"),
    ] {
        let answer = sent(request);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request}: {answer}"
        );
    }
}
