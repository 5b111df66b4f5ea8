//! Cressie–Read (-2): the weights that are nearest to uniform and make the mean of w one; missing mass gets the
//! mean logged reward. Karampatziakis, Langford, Mineiro, ICML 2020 (arXiv 1906.03323); vw-estimators 0.2.2.

use crate::evaluate::Weights;

/// For weights that may be anything from 0 up. `None` without rows.
pub fn cressie_read(sums: &Weights) -> Option<f64> {
    if sums.count == 0 {
        return None;
    }
    let n = sums.count as f64;
    let w = sums.w.value();
    let (gamma, beta) = if w < n {
        // A weight that was not seen may be as large as it likes: the limit of the other branch.
        (-(1.0 + n) / n, 0.0)
    } else {
        let least = sums.least_weight.min(0.0);
        let a = (least + w) / (1.0 + n);
        let b = (least * least + sums.w2.value()) / (1.0 + n);
        if a * a >= b {
            return Some(sums.wr.value() / n);
        }
        ((b - a) / (a * a - b), (1.0 - a) / (a * a - b))
    };
    let known = (-gamma * sums.wr.value() - beta * sums.w2r.value()) / (1.0 + n);
    let mass = (-gamma * w - beta * sums.w2.value()) / (1.0 + n);
    Some(known + (1.0 - mass).max(0.0) * sums.r.value() / n)
}
