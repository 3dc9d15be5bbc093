//! Tests of `bridge`: an unmodified backend of OKO Dashboard installs through it, and no store or
//! archive can harm the machine.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use shopfront::bridge::Bridge;
use shopfront::bridge::folder::Folder;
use shopfront::clock;
use shopfront::serve::calls::{Call, Reply, Verb};
use shopfront_registry::http::RetryPolicy;
use shopfront_text::digest;

use crate::fake_index::{FakeIndex, Fault};
use crate::kinds::oko_store::{add, build, copied, members_in, packed};
use crate::malformed_archives::{self, Tricks};
use crate::scratch::Scratch;
use crate::support::{patience, tree};

/// Returns a bridge to `store` that unpacks into `folder`.
fn bridge(store: &str, folder: &Path) -> Bridge {
    Bridge::open(store, Folder::open(folder).unwrap(), patience(), clock::now).unwrap()
}

fn get(bridge: &Bridge, path: &str) -> Reply {
    bridge.answer(&Call {
        verb: Verb::Get,
        parts: path.split('/').map(str::to_owned).collect(),
        body: Vec::new(),
    })
}

fn download(bridge: &Bridge, id: &str) -> Reply {
    let parts = ["api", "v1", "rpc", "plugins", "download"]
        .map(str::to_owned)
        .to_vec();
    bridge.answer(&Call {
        verb: Verb::Post,
        parts,
        body: json!({ "plugin_id": id }).to_string().into_bytes(),
    })
}

/// Serves the list of a store on a potentially malicious server.
fn listing(index: &FakeIndex, plugins: &[Value]) {
    let health = json!({ "status": "healthy", "version": "1", "storage_path": format!("{}/oko/", index.base()), "plugins_count": plugins.len(), "generated_at": "2026-11-20T12:00:00Z" });
    index.serve(
        "/oko/api/v1/health",
        "application/octet-stream",
        health.to_string(),
    );
    index.serve(
        "/oko/api/v1/plugins.html",
        "text/html",
        json!({ "plugins": plugins, "total": plugins.len() }).to_string(),
    );
}

fn listed(index: &FakeIndex, name: &str, bytes: &[u8]) -> Value {
    json!({
        "id": "tides", "name": name, "version": "1.0.0", "description": "Tides.", "author": "Mira Okafor", "source": "zip_upload",
        "source_url": format!("{}/oko/packages/tides.zip", index.base()),
        "manifest": { "name": name, "version": "1.0.0", "description": "Tides.", "tags": null },
        "created_at": "2026-11-20T12:00:00Z", "updated_at": "2026-11-20T12:00:00Z",
        "metadata": { "sha256": digest::sha256(bytes), "size": bytes.len() },
    })
}

/// Serves a store that lists `bytes`.
fn serving(bytes: &[u8]) -> (FakeIndex, String) {
    let index = FakeIndex::start();
    listing(&index, &[listed(&index, "tide_tables", bytes)]);
    index.serve("/oko/packages/tides.zip", "application/zip", bytes.to_vec());
    let base = format!("{}/oko/", index.base());
    (index, base)
}

fn sound() -> Vec<u8> {
    packed("tide_tables", &members_in("tide_tables", "1.0.0"))
}

/// Returns the plugin files below `folder`, without the bridge's own files.
fn unpacked(folder: &Path) -> Vec<String> {
    tree(folder)
        .into_keys()
        .filter(|path| !path.ends_with("store.json") && !path.ends_with(".lock"))
        .collect()
}

/// Returns a published store and its URL.
fn published() -> (Scratch, FakeIndex, String) {
    let scratch = copied();
    add(&scratch, "tides", &["1.0.0", "1.1.0"]);
    fs::remove_file(scratch.path().join("catalogue/oko/tide-tables.json")).unwrap();
    fs::remove_file(
        scratch
            .path()
            .join("catalogue/oko/packages/tide_tables-1.0.0.zip"),
    )
    .unwrap();
    build(&scratch);
    let index = FakeIndex::start();
    for (path, bytes) in tree(&scratch.path().join("dist/oko")) {
        index.serve(
            &format!("/shop/oko/{path}"),
            "application/octet-stream",
            bytes,
        );
    }
    let base = format!("{}/shop/oko/api/v1/", index.base());
    (scratch, index, base)
}

#[test]
fn a_backend_installs_from_a_published_store() {
    let (_store, index, base) = published();
    let folder = tempfile::tempdir().unwrap();
    let bridge = bridge(&base, folder.path());
    let list = get(&bridge, "api/v1/rpc/plugins").body;
    let ids: Vec<&str> = list["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        (ids, &list["total"]),
        (vec!["moon-phase", "tides"], &json!(2))
    );
    let manifest = get(&bridge, "api/v1/rpc/plugins/tides/manifest").body;
    assert_eq!(
        (&manifest["name"], &manifest["version"], &manifest["tags"]),
        (
            &json!("tide_tables"),
            &json!("1.1.0"),
            &json!(["tides", "sea"])
        )
    );
    assert_eq!(
        get(&bridge, "api/v1/plugins/tides").body["name"],
        "tide_tables"
    );
    let reply = download(&bridge, "tides");
    assert_eq!(
        (reply.status, &reply.body["success"], &reply.body["stale"]),
        (200, &json!(true), &json!(false)),
        "{:?}",
        reply.body
    );
    // The client looks for a directory with the plugin's name in the returned directory.
    let plugin = Path::new(reply.body["plugin_path"].as_str().unwrap()).join("tide_tables");
    assert!(plugin.is_absolute());
    assert_eq!(tree(&plugin), members_in("tide_tables", "1.1.0"));
    let health = get(&bridge, "api/v1/health").body;
    assert_eq!(
        (
            &health["status"],
            &health["plugins_count"],
            &health["generated_at"]
        ),
        (&json!("healthy"), &json!(2), &json!("2026-11-20T12:00:00Z"))
    );
    assert!(health["age_seconds"].as_i64().unwrap() < 60 && health["trouble"].is_null());
    // An unpacked plugin is not fetched again.
    let count = index.requests().len();
    assert_eq!(
        download(&bridge, "tides").body["plugin_path"],
        reply.body["plugin_path"]
    );
    assert_eq!(index.requests().len(), count);
    assert_eq!(download(&bridge, "nobody").status, 404);
    assert_eq!(
        get(&bridge, "api/v1/rpc/plugins/nobody/manifest").status,
        404
    );
    assert_eq!(get(&bridge, "api/v1/info").status, 404);
}

#[test]
fn a_folder_is_a_store_too() {
    let (store, _index, _) = published();
    let folder = tempfile::tempdir().unwrap();
    let bridge = bridge(
        store.path().join("dist/oko").to_str().unwrap(),
        folder.path(),
    );
    let reply = download(&bridge, "tides");
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    assert!(
        Path::new(reply.body["plugin_path"].as_str().unwrap())
            .join("tide_tables/manifest.py")
            .is_file()
    );
}

#[test]
fn what_was_fetched_stays_installable_without_the_store() {
    let (_store, index, base) = published();
    let folder = tempfile::tempdir().unwrap();
    let path = download(&bridge(&base, folder.path()), "tides").body["plugin_path"].clone();
    drop(index);
    // A restarted bridge knows only the contents of its directory.
    let bridge = bridge(&base, folder.path());
    let list = get(&bridge, "api/v1/rpc/plugins").body;
    let marks: Vec<(&Value, &Value)> = list["plugins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["metadata"]["stale"], &it["metadata"]["installable"]))
        .collect();
    assert_eq!(
        marks,
        [(&json!(true), &json!(false)), (&json!(true), &json!(true))]
    );
    let health = get(&bridge, "api/v1/rpc/health");
    assert_eq!(
        (health.status, &health.body["status"]),
        (200, &json!("stale"))
    );
    assert!(
        health.body["trouble"]
            .as_str()
            .unwrap()
            .contains("can not be read")
    );
    let reply = download(&bridge, "tides");
    assert_eq!(
        (
            reply.status,
            &reply.body["plugin_path"],
            &reply.body["stale"]
        ),
        (200, &path, &json!(true))
    );
    let other = download(&bridge, "moon-phase");
    assert_eq!((other.status, &other.body["success"]), (502, &json!(false)));
}

#[test]
fn a_store_that_hangs_keeps_nobody_waiting_twice() {
    let (index, base) = serving(&sound());
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(download(&bridge(&base, folder.path()), "tides").status, 200);
    index.fault("/oko/api/v1/health", Fault::Hang);
    let bridge = bridge(&base, folder.path());
    let asked = || {
        index
            .requests()
            .iter()
            .filter(|it| it.path == "/oko/api/v1/health")
            .count()
    };
    let before = asked();
    assert_eq!(get(&bridge, "api/v1/health").body["status"], "stale");
    let first = asked() - before;
    for _ in 0..3 {
        assert_eq!(download(&bridge, "tides").body["stale"], json!(true));
    }
    assert_eq!(
        asked() - before,
        first,
        "the store is not asked again for every call"
    );
}

#[test]
fn a_store_that_never_was_reached_is_no_store() {
    let index = FakeIndex::start();
    let base = format!("{}/oko/", index.base());
    let folder = tempfile::tempdir().unwrap();
    let bridge = bridge(&base, folder.path());
    for path in [
        "api/v1/rpc/plugins",
        "api/v1/rpc/health",
        "api/v1/rpc/plugins/tides/manifest",
    ] {
        let reply = get(&bridge, path);
        assert_eq!(reply.status, 503, "{path}");
        assert!(
            reply.body["detail"]
                .as_str()
                .unwrap()
                .contains("name the store with the folder of its host"),
            "{:?}",
            reply.body
        );
    }
    assert_eq!(download(&bridge, "tides").status, 503);
    // It is queried again, and is available.
    listing(&index, &[listed(&index, "tide_tables", &sound())]);
    assert_eq!(get(&bridge, "api/v1/rpc/health").status, 200);
}

#[test]
fn another_archive_than_the_one_that_was_listed_never_reaches_the_disk() {
    let (index, base) = serving(&sound());
    index.serve(
        "/oko/packages/tides.zip",
        "application/zip",
        packed("tide_tables", &members_in("tide_tables", "6.6.6")),
    );
    let folder = tempfile::tempdir().unwrap();
    let bridge = bridge(&base, folder.path());
    let reply = download(&bridge, "tides");
    assert_eq!((reply.status, &reply.body["success"]), (502, &json!(false)));
    assert!(
        reply.body["detail"]
            .as_str()
            .unwrap()
            .contains("another one than the store listed"),
        "{:?}",
        reply.body
    );
    assert_eq!(unpacked(folder.path()), Vec::<String>::new());
    // An incomplete body is invalid, too. When it is complete, it is accepted.
    index.serve("/oko/packages/tides.zip", "application/zip", sound());
    index.fault("/oko/packages/tides.zip", Fault::CutBody);
    assert_eq!(download(&bridge, "tides").status, 502);
    index.heal("/oko/packages/tides.zip");
    assert_eq!(download(&bridge, "tides").status, 200);
}

/// Returns zips with the listed hash that must not be unpacked, each with a part of the error
/// message.
fn hostile() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({ "add": [{ "name": "../escaped.py", "text": "x = 1\n" }] }),
            "climbs out of its folder",
        ),
        (
            json!({ "add": [{ "name": "/etc/escaped.py", "text": "x = 1\n" }] }),
            "absolute path",
        ),
        (
            json!({ "add": [{ "name": "tide_tables\\..\\..\\escaped.py", "text": "x = 1\n" }] }),
            "climbs out of its folder",
        ),
        (
            json!({ "add": [{ "name": "C:escaped.py", "text": "x = 1\n" }] }),
            "has a drive in its path",
        ),
        (
            json!({ "add": [{ "name": "tide_tables/MANIFEST.py", "text": "x = 1\n" }] }),
            "only in case",
        ),
        (
            json!({ "change": { "tide_tables/manifest.py": { "times": 2 } } }),
            "is stored twice",
        ),
        (
            json!({ "add": [{ "name": "tide_tables/zeros.bin", "zeros": 80_000_000 }] }),
            "unpacks to",
        ),
        (json!({ "before": "#!/bin/sh\n" }), "bytes"),
        (json!({ "cut": 10 }), "its archive"),
        (
            json!({ "add": [{ "name": "tide_tables/a:b.py", "text": "x = 1\n" }] }),
            "none on every system",
        ),
        (
            json!({ "add": [{ "name": "tide_tables/tide_tables/__init__.py", "text": "x = 1\n" }, { "name": "tide_tables/tide_tables/manifest.py", "text": "x = 1\n" }] }),
            "second plugin",
        ),
        (
            json!({ "add": [{ "name": "other/manifest.py", "text": "x = 1\n" }] }),
            "side by side",
        ),
    ]
}

#[test]
fn an_archive_that_is_odd_in_any_way_is_refused_whole() {
    let members = members_in("tide_tables", "1.0.0");
    let members: Vec<(String, Vec<u8>)> = members
        .into_iter()
        .map(|(name, bytes)| (format!("tide_tables/{name}"), bytes))
        .collect();
    for (tricks, says) in hostile() {
        let read: Tricks = serde_json::from_value(tricks.clone()).unwrap();
        let (_index, base) = serving(&malformed_archives::zip(members.clone(), &read));
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("inner/plugins");
        let reply = download(&bridge(&base, &folder), "tides");
        assert_eq!(reply.status, 502, "{tricks}");
        assert!(
            reply.body["detail"].as_str().unwrap().contains(says),
            "{tricks}: {:?}",
            reply.body
        );
        assert_eq!(unpacked(around.path()), Vec::<String>::new(), "{tricks}");
    }
}

#[test]
fn what_a_run_that_was_killed_left_is_taken_away_and_never_installed() {
    let (_index, base) = serving(&sound());
    let folder = tempfile::tempdir().unwrap();
    let half = folder.path().join(".unpacking-x1/tide_tables");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("__init__.py"), "half").unwrap();
    // Without the rename there is no plugin: a directory without the manifest is incomplete.
    let place = folder
        .path()
        .join("plugins")
        .join(digest::sha256(&sound()))
        .join("tide_tables");
    fs::create_dir_all(&place).unwrap();
    let reply = download(&bridge(&base, folder.path()), "tides");
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    assert_eq!(tree(&place), members_in("tide_tables", "1.0.0"));
    assert!(
        unpacked(folder.path())
            .iter()
            .all(|path| path.starts_with("plugins/"))
    );
}

#[test]
fn what_a_store_lists_is_believed_only_as_far_as_it_is_safe() {
    let index = FakeIndex::start();
    let sound = sound();
    let good = listed(&index, "tide_tables", &sound);
    let change = |key: &str, value: Value| {
        let mut plugin = good.clone();
        plugin[key] = value;
        plugin
    };
    let bad = [
        change("name", json!("../../escaped")),
        change("name", json!(".hidden")),
        change("name", json!("")),
        change("id", json!("a/b")),
        change("id", json!("..")),
        change("metadata", json!({ "sha256": "../../x" })),
        change("metadata", json!({})),
        change("source_url", json!(null)),
        json!(null),
        json!("tides"),
    ];
    listing(
        &index,
        &[bad.as_slice(), std::slice::from_ref(&good)].concat(),
    );
    let folder = tempfile::tempdir().unwrap();
    let bridge = bridge(&format!("{}/oko/", index.base()), folder.path());
    let list = get(&bridge, "api/v1/rpc/plugins").body;
    assert_eq!(list["total"], 1);
    // The client cannot parse `null` in place of a list.
    assert!(!list.to_string().contains("null"), "{list}");
    assert!(
        !get(&bridge, "api/v1/rpc/plugins/tides/manifest")
            .body
            .to_string()
            .contains("null")
    );
}

#[test]
fn of_a_plugin_is_told_what_the_client_knows_and_no_more() {
    let index = FakeIndex::start();
    let good = listed(&index, "tide_tables", &sound());
    let mut much = good.clone();
    let deep = (0..100).fold(json!([0]), |inner, _| json!([inner]));
    (
        much["surprise"],
        much["manifest"]["surprise"],
        much["metadata"]["surprise"],
    ) = (deep.clone(), deep.clone(), deep);
    much["description"] = json!(format!("{}\u{1b}[2J", "tides ".repeat(2_000)));
    much["manifest"]["tags"] = json!(vec!["tag"; 200]);
    let mut large = good;
    (large["id"], large["surprise"]) = (json!("large"), json!(vec![0; 40_000]));
    listing(&index, &[much, large]);
    let folder = tempfile::tempdir().unwrap();
    let base = format!("{}/oko/", index.base());
    let told = get(&bridge(&base, folder.path()), "api/v1/rpc/plugins").body;
    assert_eq!(told["total"], 1, "a plugin that is too long is left out");
    assert!(
        !told.to_string().contains("surprise") && told.to_string().len() < 10_000,
        "{told}"
    );
    let plugin = &told["plugins"][0];
    assert_eq!(
        plugin["description"].as_str().unwrap().chars().count(),
        4_000
    );
    assert_eq!(plugin["manifest"]["tags"].as_array().unwrap().len(), 50);
    // What is kept says the same again.
    drop(index);
    let kept = get(&bridge(&base, folder.path()), "api/v1/rpc/plugins").body;
    assert_eq!(
        (&kept["total"], &kept["plugins"][0]["manifest"]),
        (&json!(1), &plugin["manifest"])
    );
}

#[test]
fn a_store_in_a_folder_gives_no_file_outside_of_it() {
    let around = Scratch::empty();
    around.write("secret.zip", "a secret");
    let plugin = json!({
        "id": "tides", "name": "tide_tables", "version": "1.0.0", "source_url": "https://oko-corner.example/oko/../secret.zip",
        "metadata": { "sha256": digest::sha256(b"a secret") },
    });
    around.write(
        "oko/api/v1/health",
        "{ \"storage_path\": \"https://oko-corner.example/oko/\" }",
    );
    around.write(
        "oko/api/v1/plugins.html",
        &json!({ "plugins": [plugin] }).to_string(),
    );
    let folder = tempfile::tempdir().unwrap();
    let reply = download(
        &bridge(around.path().join("oko").to_str().unwrap(), folder.path()),
        "tides",
    );
    assert_eq!(reply.status, 502, "{:?}", reply.body);
    assert!(
        reply.body["detail"]
            .as_str()
            .unwrap()
            .contains("can not be fetched"),
        "{:?}",
        reply.body
    );
}

/// While the store hangs, all other callers get the known response, and unpacked plugins remain
/// installable.
#[test]
fn a_store_that_hangs_keeps_one_caller_waiting_and_no_other() {
    let (index, base) = serving(&sound());
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(download(&bridge(&base, folder.path()), "tides").status, 200);
    index.fault("/oko/api/v1/health", Fault::Hang);
    let long = RetryPolicy {
        request_timeout: Duration::from_secs(3_600),
        all: Duration::from_secs(3_600),
        ..patience()
    };
    let bridge = Arc::new(
        Bridge::open(
            &base,
            Folder::open(folder.path()).unwrap(),
            long,
            clock::now,
        )
        .unwrap(),
    );
    let before = index.requests().len();
    let of_thread = Arc::clone(&bridge);
    // Waits until the test ends.
    std::thread::spawn(move || get(&of_thread, "api/v1/health"));
    while index.requests().len() == before {
        std::thread::yield_now();
    }
    assert_eq!(get(&bridge, "api/v1/plugins").body["total"], 1);
    assert_eq!(download(&bridge, "tides").status, 200);
}

#[test]
fn an_archive_that_many_ask_for_is_fetched_once() {
    let (index, base) = serving(&sound());
    let folder = tempfile::tempdir().unwrap();
    let bridge = bridge(&base, folder.path());
    std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| download(&bridge, "tides").status))
            .collect();
        assert!(calls.into_iter().all(|call| call.join().unwrap() == 200));
    });
    assert_eq!(
        index
            .requests()
            .iter()
            .filter(|it| it.path == "/oko/packages/tides.zip")
            .count(),
        1
    );
    assert_eq!(
        index
            .requests()
            .iter()
            .filter(|it| it.path == "/oko/api/v1/health")
            .count(),
        1
    );
}
