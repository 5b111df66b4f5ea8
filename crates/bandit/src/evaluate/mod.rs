//! What a policy would have earned, from the log of another: estimators, intervals and the guards over them.

pub mod anytime;
mod bins;
mod bootstrap;
mod calibration;
mod diagnostics;
mod estimator;
mod estimators;
mod evidence;
mod guard;
mod intervals;
mod kept;
mod model;
mod moments;
mod question;
mod report;
mod row;
mod sum;
mod weights;
mod words;

pub use bins::{BinPoint, Bins};
pub use bootstrap::Bootstrap;
pub use calibration::{ActionSums, Calibration};
pub use diagnostics::Diagnostics;
pub use estimator::{Estimator, Needs, Term};
pub use estimators::{ALL_NAMES, NAMES, cressie_read, empirical_likelihood, fitting_weight, of_name};
pub use evidence::{Evidence, FarSum};
pub use guard::{Guard, Verdict, calibration_guard, guards as weight_guards, sum_guard};
pub use intervals::{
    Interval, clopper_pearson, cressie_read_interval, empirical_bernstein, hoeffding, normal_interval, student_interval,
};
pub use kept::{Kept, KeptEstimator};
pub use model::{CrossFit, Observation};
pub use moments::Moments;
pub use question::Question;
pub use report::{Estimate, NamedInterval, Report, evaluate, report, report_guarded};
pub use row::{Model, Row};
pub use sum::Sum;
pub use weights::Weights;

mod statistics;
pub use statistics::Statistics;
