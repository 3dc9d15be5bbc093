//! Realistic long descriptions: Markdown with headings, lists, code, links and occasional tables.

use crate::rng::Dice;
use crate::words::{HOW, SENTENCES, SETTINGS, THINGS};

/// Returns a long description of about `length` bytes.
pub(crate) fn text(dice: &mut Dice, project: &str, description: &str, length: usize) -> String {
    let mut text = format!("# {project}\n\n");
    if dice.percent(70) {
        text.push_str(&format!(
            "[![Release](https://img.example/release/{project}.svg)](https://index.example/project/{project}/)\n\
             [![Changelog](https://img.example/changelog/{project}.svg)](https://git.example/plugins/{project}/releases)\n\
             [![Licence](https://img.example/licence.svg)](https://git.example/plugins/{project}/blob/main/LICENSE)\n\n"
        ));
    }
    text.push_str(&format!(
        "{description}\n\n## Installation\n\nInstall this plugin in the same venv as the host.\n\n"
    ));
    text.push_str(&format!("```bash\npip install {project}\n```\n\n"));
    html(dice, &mut text, project);
    text.push_str("## Usage\n\n");
    paragraph(dice, &mut text, project);
    while text.len() + 250 < length {
        match dice.below(7) {
            0 => heading(dice, &mut text),
            1 | 2 => paragraph(dice, &mut text, project),
            3 => list(dice, &mut text),
            4 => settings(dice, &mut text),
            5 => example(dice, &mut text, project),
            _ => table(dice, &mut text),
        }
    }
    if length > 900 {
        text.push_str(&format!(
            "## Development\n\nCheck out the code, then make a virtual environment:\n\n\
             ```bash\ncd {project}\npython -m venv venv\nsource venv/bin/activate\npip install -e '.[test]'\npytest\n```\n"
        ));
    }
    text
}

/// Adds HTML, mostly images and comments. One in nine real descriptions contains HTML.
fn html(dice: &mut Dice, text: &mut String, project: &str) {
    text.push_str(&match dice.below(100) {
        0..4 => "<!-- toc -->\n\n- [Usage](#usage)\n- [Development](#development)\n\n<!-- tocstop -->\n\n".to_owned(),
        4..8 => format!("<img src=\"https://img.example/{project}.png\" alt=\"What it looks like\" width=\"640\">\n\n"),
        8..10 => format!("Watch <a href=\"https://video.example/{project}\" title=\"Three minutes\">the introduction</a>.<br>\n\n"),
        10 => "<details>\n<summary>For the impatient</summary>\n\nRestart the host; that is all.\n\n</details>\n\n".to_owned(),
        _ => String::new(),
    });
}

fn heading(dice: &mut Dice, text: &mut String) {
    let title = capital(dice.pick(THINGS));
    text.push_str(&format!("{} {title}\n\n", dice.pick(&["##", "###", "###"])));
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

fn paragraph(dice: &mut Dice, text: &mut String, project: &str) {
    for _ in 0..dice.between(2, 4) {
        text.push_str(dice.pick(SENTENCES));
        text.push(' ');
    }
    match dice.below(4) {
        0 => text.push_str(&format!(
            "See [the documentation](https://docs.example/{project}/{}) for more.",
            dice.pick(SETTINGS)
        )),
        1 => text.push_str(&format!(
            "Set `{}` to change that, and **restart** the host.",
            dice.pick(SETTINGS)
        )),
        2 => text.push_str(&format!(
            "This needs `{}` & *enough* memory: rows < 1,000,000.",
            dice.pick(SETTINGS)
        )),
        _ => {}
    }
    text.push_str("\n\n");
}

fn list(dice: &mut Dice, text: &mut String) {
    for _ in 0..dice.between(3, 7) {
        text.push_str(&format!(
            "- {} {}",
            capital(dice.pick(THINGS)),
            dice.pick(HOW)
        ));
        if dice.percent(30) {
            text.push_str(&format!(
                " ([issue {0}](https://git.example/issues/{0}))",
                dice.between(1, 400)
            ));
        }
        text.push('\n');
    }
    text.push('\n');
}

fn settings(dice: &mut Dice, text: &mut String) {
    for _ in 0..dice.between(2, 5) {
        text.push_str(&format!(
            "- `{}`: {}\n",
            dice.pick(SETTINGS),
            dice.pick(SENTENCES)
        ));
    }
    text.push('\n');
}

fn example(dice: &mut Dice, text: &mut String, project: &str) {
    let module = project.replace('-', "_");
    let (one, two) = (dice.pick(SETTINGS), dice.pick(SETTINGS));
    text.push_str(&match dice.below(3) {
        0 => format!("```json\n{{\n  \"plugins\": {{\n    \"{project}\": {{\n      \"{one}\": {},\n      \"{two}\": \"auto\"\n    }}\n  }}\n}}\n```\n\n", dice.below(900)),
        1 => format!("```python\nfrom {module} import {one}\n\nfor row in {one}(\"data.db\", {two}={}):\n    print(row[\"id\"], row[\"{two}\"])\n```\n\n", dice.below(90)),
        _ => format!("```sql\nselect id, {one}, count(*) as total\nfrom measurements\nwhere {two} > {}\ngroup by id\norder by total desc;\n```\n\n", dice.below(500)),
    });
}

fn table(dice: &mut Dice, text: &mut String) {
    text.push_str("| Setting | Default | What it does |\n| --- | ---: | --- |\n");
    for _ in 0..dice.between(3, 6) {
        text.push_str(&format!(
            "| `{}` | {} | {} |\n",
            dice.pick(SETTINGS),
            dice.below(500),
            capital(dice.pick(HOW))
        ));
    }
    text.push('\n');
}
