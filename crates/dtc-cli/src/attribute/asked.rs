//! Which models a user asks for, and the keys under which their results stand.

use attribution::models::NAMES;
use attribution::{Model, Nulls, Paths, Rule, UnknownModel};
use studio::{LAST_NON_FIRST, model_key as key};

use super::Given;
use crate::failure::{Failure, Outcome};

#[derive(Debug, Clone)]
pub struct Asked {
    pub key: String,
    pub model: Model,
}

/// Errors: a name that is no model's, with those that are.
pub fn asked(names: &[String], given: &Given) -> Outcome<Vec<Asked>> {
    let paths = &given.paths;
    if names.is_empty() {
        return Ok(match &given.models {
            Some(models) => models.iter().map(|model| Asked { key: key(model), model: model.clone() }).collect(),
            None => all(paths),
        });
    }
    let mut asked: Vec<Asked> = Vec::new();
    for name in names.iter().flat_map(|names| names.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
        let more = if name.eq_ignore_ascii_case("all") { all(paths) } else { vec![one(name, paths)?] };
        asked.extend(
            more.into_iter().filter(|more| asked.iter().all(|known| known.key != more.key)).collect::<Vec<_>>(),
        );
    }
    if asked.is_empty() {
        return Err(Failure::Usage("--models names no model".to_owned()));
    }
    Ok(asked)
}

fn all(paths: &Paths) -> Vec<Asked> {
    let mut models = Model::usual();
    for order in (1..=3).rev() {
        let place = models.iter().position(|model| matches!(model, Model::Markov { order: of, .. } if *of == order));
        let without = Model::Markov { order, loops: false, nulls: Nulls::Counted };
        models.insert(place.unwrap_or(models.len()), without);
    }
    models.push(Model::Markov { order: 1, loops: true, nulls: Nulls::LeftOut });
    let mut all: Vec<Asked> = models.into_iter().map(|model| Asked { key: key(&model), model }).collect();
    let place = all.iter().position(|asked| asked.key == "linear").unwrap_or_default();
    all.extend(last_non_first(paths));
    all[place..].rotate_right(1);
    all
}

fn last_non_first(paths: &Paths) -> Option<Asked> {
    let first = paths.names.sorted().first().map(|channel| paths.names.name(*channel).to_owned())?;
    Some(Asked { key: LAST_NON_FIRST.to_owned(), model: Model::Rule(Rule::LastNon(first)) })
}

fn one(name: &str, paths: &Paths) -> Outcome<Asked> {
    if name.eq_ignore_ascii_case(LAST_NON_FIRST) {
        return last_non_first(paths).ok_or_else(|| Failure::Message("there are no channels".to_owned()));
    }
    match Model::read(name) {
        Ok(model) => Ok(Asked { key: key(&model), model }),
        Err(UnknownModel::Parameter(unable)) => Err(Failure::Usage(format!("--models {name}: {unable}"))),
        Err(UnknownModel::Name) => {
            Err(Failure::Usage(format!("`{name}` is not a model; there are all, {}", NAMES.join(", "))))
        }
    }
}
