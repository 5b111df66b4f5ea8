//! Quantiles of the distributions that intervals need, to about twelve digits.

mod beta;
mod gamma;
mod normal;
mod root;

pub(crate) use gamma::{ln_gamma, ln_gamma_share};
pub(crate) use normal::normal;
pub(crate) use root::root;

/// Quantile of the Beta distribution; `below` is the probability to the left of it.
pub(crate) use beta::beta;

/// Quantile of Student's t for `freedom` degrees, right of the median: `below` of at least 1/2.
pub(crate) fn student(below: f64, freedom: f64) -> f64 {
    // P(|T| > t) = I_x(v/2, 1/2) with x = v/(v+t²); for many degrees x is near 1, so its complement is looked for.
    let beyond = 2.0 * (1.0 - below);
    let rest = beta(1.0 - beyond, 0.5, freedom / 2.0);
    (freedom * rest / (1.0 - rest)).sqrt()
}

/// Upper quantile of F(1, m): P(F > f) = `above`.
pub(crate) fn fisher_one(above: f64, freedom: f64) -> f64 {
    student(1.0 - above / 2.0, freedom).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() <= 1e-11 * wanted.abs(), "found {found}, expected {wanted}");
    }

    /// Tabulated values, from the distributions' closed forms where there is one.
    #[test]
    fn known_quantiles() {
        near(normal(0.975), 1.959_963_984_540_054);
        near(normal(0.025), -1.959_963_984_540_054);
        near(normal(1e-10), -6.361_340_902_404_056);
        // One degree is Cauchy's distribution, two have a closed form.
        near(student(0.975, 1.0), (std::f64::consts::PI * 0.475).tan());
        near(student(0.975, 2.0), 0.95 * (2.0 / (1.0 - 0.95f64.powi(2))).sqrt());
        near(student(0.975, 9_999.0), 1.960_201_263_620_7);
        // Beta(1, b) and Beta(a, 1) have closed forms.
        near(beta(0.3, 1.0, 7.0), 1.0 - 0.7f64.powf(1.0 / 7.0));
        near(beta(0.025, 4.0, 1.0), 0.025f64.powf(0.25));
        near(beta(0.025, 0.05, 1.0), 0.025f64.powf(20.0));
    }
}
