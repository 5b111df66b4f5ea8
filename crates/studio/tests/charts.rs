//! The chart pages' reports on the offer template.

use studio_api::*;

use crate::fixture::{Fixture, STREAMING};

#[test]
fn credit_and_rewards_of_the_offer_template_add_up() {
    let fixture = Fixture::new();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap().id;
    let credit = fixture.call(Attribute { project: project.clone(), document: None, drafts: vec![] }).unwrap();
    assert_eq!(credit.models, ["first", "last"]);
    let (conversions, unattributed): (f64, f64) =
        (credit.conversions.parse().unwrap(), credit.unattributed.parse().unwrap());
    assert!(conversions > 0.0);
    for model in 0..2 {
        let given: f64 = credit.touch_points.iter().map(|touch| touch.credit[model]).sum();
        assert!((given + unattributed - conversions).abs() < 1e-6, "{credit:?}");
    }
    let rewards = fixture.call(JoinRewards { project, document: None, drafts: vec![] }).unwrap();
    let counters = &rewards.counters;
    assert!(counters.joined > 0 && counters.defaulted > 0);
    assert_eq!(rewards.points.last().unwrap().decisions, counters.joined + counters.defaulted);
    let weighed: f64 = rewards.actions.iter().map(|action| action.mean * action.decisions as f64).sum();
    let mean = weighed / (counters.joined + counters.defaulted) as f64;
    assert!((rewards.points.last().unwrap().mean - mean).abs() < 1e-9);
}

#[test]
fn credit_over_the_sessions_of_a_streaming_document() {
    let fixture = Fixture::new();
    let project = fixture.call(OpenTemplate { template: "multi-touch-attribution".into() }).unwrap().id;
    let report = |drafts| fixture.call(Attribute { project: project.clone(), document: None, drafts }).unwrap();
    let over_events = report(vec![]);
    let text = "Type: ProductML:DTC:Attribution\nVersion: '2018-03-01'\nName: credit\nSource: shop.session\n\
                Touch: {When: source.channel != '', Value: source.channel}\nConversion: {When: source.orders > 0}\n\
                Journeys: {Cycles: repeat}\nModels: [first]\n";
    let over_sessions = report(vec![Draft { document: "attribution.dtc.yaml".into(), text: text.into() }]);
    assert_eq!((&*over_events.conversions, &*over_events.unattributed), ("762", "60"));
    assert_eq!((&*over_sessions.conversions, &*over_sessions.unattributed), ("762", "60"));
    assert_eq!((&*over_events.journeys, &*over_sessions.unusable), ("3497", "0"));
}

#[test]
fn a_project_without_the_document_says_what_to_add() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING)]);
    let error = fixture.call(Attribute { project: project.id, document: None, drafts: vec![] }).unwrap_err();
    assert!(error.code == ErrorCode::NotFound && error.message.contains("attribution document"), "{error}");
}
