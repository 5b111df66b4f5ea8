//! Which mark of a drawing the pointer or the keys are at, and where its words stand. Pure.

use charts::{Chart, Hit};

/// The topmost hit at a point of the drawing.
pub fn at(chart: &Chart, (x, y): (f64, f64)) -> Option<usize> {
    chart.hits.iter().rposition(|hit| {
        let (left, top, width, height) = hit.area;
        (left..left + width).contains(&x) && (top..top + height).contains(&y)
    })
}

/// Where a key leads among `count` hits; `None` for keys that do not move.
pub fn moved(key: &str, from: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let leap = (count / 10).max(1);
    let to = match (key, from) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowRight" | "ArrowDown" | "PageDown", None) => 0,
        ("ArrowLeft" | "ArrowUp" | "PageUp", None) => last,
        ("ArrowRight" | "ArrowDown", Some(from)) => from.saturating_add(1),
        ("ArrowLeft" | "ArrowUp", Some(from)) => from.saturating_sub(1),
        ("PageDown", Some(from)) => from.saturating_add(leap),
        ("PageUp", Some(from)) => from.saturating_sub(leap),
        _ => return None,
    };
    Some(to.min(last))
}

/// An upright strip of a curve, rather than a row of bars.
pub fn is_strip(hit: &Hit) -> bool {
    hit.area.3 > hit.area.2
}

/// Room that the words take at most, in pixels of the drawing.
const TIP: f64 = 240.0;

/// CSS that puts the words beside the mark and inside the drawing: after it, where there is room, since
/// bars lie before it. Shares of the drawing, so that they hold at any scale.
pub fn tip_place(chart: &Chart, hit: &Hit) -> String {
    let (x, y) = hit.anchor;
    let (width, height) = (f64::from(chart.width), f64::from(chart.height));
    let share = |part: f64, whole: f64| (part / whole * 100.0).clamp(0.0, 100.0);
    let across = match x > (width - TIP).max(width * 0.5) {
        true => format!("right:calc({:.2}% + 14px)", 100.0 - share(x, width)),
        false => format!("left:calc({:.2}% + 14px)", share(x, width)),
    };
    let upright = match y > height * 0.5 {
        true => format!("bottom:{:.2}%", 100.0 - share(y, height)),
        false => format!("top:{:.2}%", share(y, height)),
    };
    format!("{across};{upright}")
}

/// CSS of an area of the drawing, in shares of it.
pub fn area_place(chart: &Chart, (left, top, width, height): (f64, f64, f64, f64)) -> String {
    let (whole_width, whole_height) = (f64::from(chart.width) / 100.0, f64::from(chart.height) / 100.0);
    format!(
        "left:{:.3}%;top:{:.3}%;width:{:.3}%;height:{:.3}%",
        left / whole_width,
        top / whole_height,
        width / whole_width,
        height / whole_height
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Chart {
        let hit = |left: f64, width: f64| Hit {
            area: (left, 10.0, width, 100.0),
            anchor: (left, 60.0),
            title: String::new(),
            lines: Vec::new(),
        };
        Chart {
            svg: String::new(),
            width: 200,
            height: 120,
            hits: vec![hit(0.0, 50.0), hit(50.0, 150.0), hit(60.0, 10.0)],
        }
    }

    #[test]
    fn the_topmost_hit_is_found() {
        let chart = chart();
        assert_eq!(at(&chart, (10.0, 50.0)), Some(0));
        assert_eq!(at(&chart, (65.0, 50.0)), Some(2));
        assert_eq!(at(&chart, (75.0, 50.0)), Some(1));
        assert_eq!(at(&chart, (75.0, 5.0)), None);
    }

    #[test]
    fn keys_stay_among_the_hits() {
        assert_eq!(moved("ArrowRight", None, 3), Some(0));
        assert_eq!(moved("ArrowRight", Some(2), 3), Some(2));
        assert_eq!(moved("ArrowLeft", Some(0), 3), Some(0));
        assert_eq!(moved("PageDown", Some(0), 100), Some(10));
        assert_eq!(moved("End", None, 0), None);
        assert_eq!(moved("a", Some(1), 3), None);
    }

    #[test]
    fn words_stay_inside() {
        let chart = chart();
        assert_eq!(tip_place(&chart, &chart.hits[0]), "left:calc(0.00% + 14px);top:50.00%");
        assert!(is_strip(&chart.hits[2]) && !is_strip(&chart.hits[1]));
    }
}
