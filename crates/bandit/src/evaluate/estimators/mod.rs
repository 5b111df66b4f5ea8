//! The estimators, one a file, and their names: those of obp and of vw-estimators.

mod clipped;
mod cressie_read;
mod dm;
mod dr;
mod dr_os;
mod empirical_likelihood;
mod ips;
mod mrdr;
mod replay;
mod sndr;
mod snips;
mod sub_gaussian;
mod switch_dr;

pub use cressie_read::cressie_read;
pub use empirical_likelihood::empirical_likelihood;
pub use mrdr::fitting_weight;

use super::estimator::{Estimator, Kind, Needs};

/// What `all` stands for.
pub const ALL_NAMES: [&str; 17] = [
    "rm",
    "ipw",
    "ipw_clip10",
    "ipw_clip2",
    "snipw",
    "dm",
    "dr",
    "dr_clip10",
    "sndr",
    "switch-dr_5",
    "switch-dr_1",
    "dr-os_10",
    "sg-ipw_0.1",
    "sg-dr_0.1",
    "mrdr",
    "cressieread",
    "mle",
];

/// The forms of a name; λ is a number.
pub const NAMES: &str = "rm, ipw, ipw_clipλ, snipw, dm, dr, dr_clipλ, sndr, switch-dr_λ, dr-os_λ, sg-ipw_λ, sg-dr_λ, \
                         mrdr, cressieread, mle";

/// E.g. of `switch-dr_5`, with its λ.
pub fn of_name(name: &str) -> Option<Estimator> {
    let whole = |kind: Kind| Estimator { name: name.to_owned(), needs: Needs::Weights, kind };
    let plain = match name {
        "rm" => Some(replay::replay()),
        "ipw" => Some(ips::ips()),
        "snipw" => Some(snips::snips()),
        "dm" => Some(dm::dm()),
        "dr" => Some(dr::dr()),
        "sndr" => Some(sndr::sndr()),
        "mrdr" => Some(mrdr::mrdr()),
        "cressieread" => Some(whole(Kind::CressieRead)),
        "mle" => Some(whole(Kind::EmpiricalLikelihood)),
        _ => None,
    };
    plain.or_else(|| of_lambda(name))
}

/// What its names begin with, the estimator for a λ, and the largest λ.
type Family = (&'static str, fn(f64) -> Estimator, f64);

fn of_lambda(name: &str) -> Option<Estimator> {
    let families: [Family; 6] = [
        ("ipw_clip", clipped::clipped_ips, f64::INFINITY),
        ("dr_clip", clipped::clipped_dr, f64::INFINITY),
        ("switch-dr_", switch_dr::switch_dr, f64::INFINITY),
        ("dr-os_", dr_os::dr_os, f64::INFINITY),
        ("sg-ipw_", sub_gaussian::sub_gaussian_ips, 1.0),
        ("sg-dr_", sub_gaussian::sub_gaussian_dr, 1.0),
    ];
    let (lambda, make, most) =
        families.iter().find_map(|(family, make, most)| Some((name.strip_prefix(family)?, make, most)))?;
    let lambda: f64 = lambda.parse().ok()?;
    (0.0..=*most).contains(&lambda).then(|| Estimator { name: name.to_owned(), ..make(lambda) })
}
