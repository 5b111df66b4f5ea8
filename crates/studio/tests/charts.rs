//! The chart pages' reports on the offer template.

use studio_api::*;

use crate::fixture::{Fixture, STREAMING};

#[test]
fn credit_and_rewards_of_the_offer_template_add_up() {
    let fixture = Fixture::new();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap().id;
    let credit = fixture.call(Attribute { project: project.clone(), document: None, drafts: vec![] }).unwrap();
    let models: Vec<&str> = credit.models.iter().map(|model| model.model.as_str()).collect();
    assert_eq!(models, ["first", "last"]);
    let totals = &credit.totals;
    assert!(totals.conversions > 0.0);
    for model in &credit.models {
        let given: f64 = model.conversions.iter().sum();
        assert!((given + totals.unattributed - totals.conversions).abs() < 1e-6, "{credit:?}");
        assert!(model.reconciled.as_ref().unwrap().holds);
    }
    let rewards = fixture.call(JoinRewards { project, document: None, drafts: vec![] }).unwrap();
    let counters = &rewards.counters;
    assert!(counters.joined > 0 && counters.defaulted > 0);
    assert_eq!(rewards.points.last().unwrap().decisions, counters.joined + counters.defaulted);
    let weighed: f64 = rewards.actions.iter().map(|action| action.mean * action.decisions as f64).sum();
    let mean = weighed / (counters.joined + counters.defaulted) as f64;
    assert!((rewards.points.last().unwrap().mean - mean).abs() < 1e-9);
    let worth = rewards.worth.unwrap();
    let names: Vec<&str> = worth.policies.iter().map(|policy| policy.name.as_str()).collect();
    assert_eq!((names, worth.notices), (vec!["logged", "always_deal", "deal_or_vip", "chance"], vec![]));
    assert!((worth.policies[0].snips.unwrap() - mean).abs() < 1e-9, "the logged policy is worth what was seen");
    for policy in &worth.policies {
        assert!(policy.guards.iter().all(|guard| !guard.refuses) && policy.interval.is_some(), "{policy:?}");
    }
    let ids: Vec<&str> = worth.figures.iter().map(|figure| figure.id.as_str()).collect();
    for id in ["values", "cumulative", "windowed", "estimators-4", "windows", "weights-4", "delays", "actions"] {
        assert!(ids.contains(&id), "{id} is missing in {ids:?}");
    }
}

#[test]
fn policies_that_cannot_be_asked_are_told_and_the_others_stay() {
    let fixture = Fixture::new();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap().id;
    let text =
        fixture.call(ReadDocument { project: project.clone(), document: "rewards.dtc.yaml".into() }).unwrap().text;
    let ask = |text: String| {
        let drafts = vec![Draft { document: "rewards.dtc.yaml".into(), text }];
        fixture.call(JoinRewards { project: project.clone(), document: None, drafts }).unwrap().worth
    };
    let worth =
        ask(text.replace("Action: daily_deal", "Action: dayly_deal")
            + "  - { Name: away, Kind: file, File: ../x.csv }\n");
    let worth = worth.unwrap();
    assert_eq!(worth.policies.len(), 3);
    assert!(
        worth.notices[0].starts_with("Policy always_deal: the log has no action `dayly_deal`"),
        "{:?}",
        worth.notices
    );
    assert!(worth.notices[1].contains("lies outside of the project"), "{:?}", worth.notices);
    // Six actions; half of them is no distribution.
    let worth = ask(text.replace("'daily_deal': 0.5, ", "")).unwrap();
    let refused = worth.policies.iter().find(|policy| policy.name == "deal_or_vip").unwrap();
    assert!(refused.guards.iter().any(|guard| guard.refuses && guard.reason.contains("sum to 0.5")), "{refused:?}");
    assert_eq!((refused.ips, refused.snips), (None, None));
    let alone = text.split("# What these would").next().unwrap().replace("  Probability: source.probability\n", "");
    assert_eq!(ask(alone), None);
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
    for totals in [&over_events.totals, &over_sessions.totals] {
        assert_eq!((totals.conversions, totals.unattributed), (762.0, 60.0));
    }
    assert_eq!((over_events.totals.journeys, over_sessions.totals.unusable), (3497.0, 0));
}

#[test]
fn a_project_without_the_document_says_what_to_add() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING)]);
    let error = fixture.call(Attribute { project: project.id, document: None, drafts: vec![] }).unwrap_err();
    assert!(error.code == ErrorCode::NotFound && error.message.contains("attribution document"), "{error}");
}
