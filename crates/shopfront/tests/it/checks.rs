//! Every code: the cases of its page give the reports of the page.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use rayon::prelude::*;
use shopfront_check::checks::{ALL, Rule};

use crate::error_pages::{self, Case, FURTHER_CASES, Kind, PAGES, Page};
use crate::golden;
use crate::scratch::fixtures;

/// Codes of the catalogue as a whole or of a build: nothing is similar to what gives them.
fn has_near_miss(code: &str, rule: &Rule) -> bool {
    !matches!(rule, Rule::Build) && code != "too-many-files"
}

/// Of all pages, or of the one that `ERROR_PAGE` names.
#[test]
fn every_case_of_a_page_gives_the_report_below_it() {
    let only = std::env::var("ERROR_PAGE").ok();
    let pages: Vec<&Page> = PAGES
        .values()
        .filter(|page| only.as_ref().is_none_or(|only| *only == page.code))
        .collect();
    let cases: Vec<&Case> = pages.iter().flat_map(|page| &page.cases).collect();
    let mut reports: Vec<String> = cases.par_iter().map(|case| case.run()).collect();
    let mut problems: Vec<String> = cases
        .iter()
        .zip(&reports)
        .filter_map(|(case, report)| kind_problem(case, report))
        .collect();
    for page in pages {
        let later = reports.split_off(page.cases.len());
        problems.extend(differences(page, &reports));
        reports = later;
    }
    golden::assert_none(&problems);
}

/// Says where the reports of a page are not `actual`, or accepts these when `UPDATE_GOLDEN` is set.
fn differences(page: &Page, actual: &[String]) -> Vec<String> {
    let is_equal = |(case, report): &(&Case, &String)| {
        case.report.trim_end_matches('\n') == report.trim_end_matches('\n')
    };
    let different: Vec<(&Case, &String)> = page
        .cases
        .iter()
        .zip(actual)
        .filter(|pair| !is_equal(pair))
        .collect();
    if !different.is_empty() && golden::is_updating() {
        error_pages::write_page(&page.code, &page.with_reports(actual));
        return Vec::new();
    }
    let shown = |(case, report): &(&Case, &String)| {
        format!(
            "--- {} (expected)\n{}\n--- actual\n{report}\n",
            case.place, case.report
        )
    };
    different.iter().map(shown).collect()
}

/// Says why `report` is not what the kind of the case promises.
fn kind_problem(case: &Case, report: &str) -> Option<String> {
    let told: Vec<&str> = report
        .lines()
        .filter(|line| line.starts_with("error[") || line.starts_with("warning["))
        .collect();
    let given = told
        .iter()
        .filter(|line| line.contains(&format!("[{}]", case.code)))
        .count();
    // Every source distribution is told that it is not a wheel, however valid.
    let others = told
        .iter()
        .filter(|line| !line.starts_with("warning[no-wheel]"))
        .count();
    match case.kind {
        Kind::Bad if given == 0 => Some(format!(
            "{}: the case does not give `{}`\n{report}",
            case.place, case.code
        )),
        Kind::Cured | Kind::NearMiss if given + others > 0 => Some(format!(
            "{}: expected no diagnostic, found\n{report}",
            case.place
        )),
        _ => None,
    }
}

#[test]
fn every_code_has_a_page_with_a_bad_case_a_cured_one_and_a_near_miss() {
    let codes: BTreeSet<&str> = ALL.iter().map(|check| check.code.name).collect();
    assert_eq!(
        PAGES.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        codes
    );
    let mut missing = Vec::new();
    for check in ALL {
        let cases = &PAGES[check.code.name].cases;
        let lacks = |kind: Kind| !cases.iter().any(|case| case.kind == kind);
        if lacks(Kind::Bad)
            || lacks(Kind::Cured)
            || lacks(Kind::NearMiss) && has_near_miss(check.code.name, &check.rule)
        {
            missing.push(check.code.name);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_file_beside_the_pages_is_named_by_one() {
    let files: BTreeSet<String> = error_pages::files_below(&fixtures().join("checks"))
        .into_iter()
        .collect();
    assert_eq!(
        files,
        error_pages::all_cases()
            .flat_map(|case| case.copied.clone())
            .collect()
    );
}

#[test]
fn the_program_contains_a_page_up_to_its_further_cases() {
    for check in ALL {
        let whole = &PAGES[check.code.name].text;
        let prose = whole
            .split(&format!("\n## {FURTHER_CASES}\n"))
            .next()
            .unwrap();
        assert_eq!(
            check.code.page.trim_end(),
            prose.trim_end(),
            "{}",
            check.code.name
        );
    }
    let found = Command::new("grep")
        .args([
            "-c",
            "-a",
            "^### near-miss: ",
            env!("CARGO_BIN_EXE_shopfront"),
        ])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout).trim(), "0");
}

#[test]
fn a_malformed_page_is_refused_with_the_line() {
    let mut differences = Vec::new();
    for entry in fs::read_dir(fixtures().join("error-pages")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let problems = error_pages::parse("bad-page", &fs::read_to_string(&path).unwrap())
                .map(|cases| cases.len())
                .unwrap_err();
            differences.extend(golden::difference(
                &path.with_extension("txt"),
                &(problems.join("\n") + "\n"),
            ));
        }
    }
    golden::assert_none(&differences);
}
