//! The resources of a template and what flows between them, laid out in columns: what comes in, what works, what keeps,
//! what watches. Same template, same places. Refuses to show what only serves another resource as one of its own.

mod drawing;
mod flow;
mod words;

use crate::template::{Resource, Template};

/// Boxes of a diagram, in pixels.
pub const BOX: (u32, u32) = (176, 44);
const GAP: (u32, u32) = (60, 14);
const MARGIN: u32 = 12;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    pub shapes: Vec<Shape>,
    /// From, to: places in `shapes`.
    pub flows: Vec<(usize, usize)>,
    pub width: u32,
    pub height: u32,
}

/// One resource, with those that only serve it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub id: String,
    /// In words, such as `Kinesis stream`.
    pub kind: String,
    /// As the template says it, such as `AWS::Kinesis::Stream`.
    pub aws: String,
    /// What is worth knowing of it, ready to read; may be empty.
    pub about: String,
    /// Loses something when it is replaced.
    pub holds_data: bool,
    /// In the template, from 1; 0: unknown.
    pub line: usize,
    /// Logical id and kind of its policies, roles, mappings.
    pub parts: Vec<(String, String)>,
    /// The upper left corner.
    pub x: u32,
    pub y: u32,
}

/// `None`: the text is no template.
pub fn diagram(template: &str) -> Option<Diagram> {
    Some(of(&Template::read(template)?))
}

impl Diagram {
    /// With classes that a page styles; boxes carry `data-node` and their place in it.
    pub fn svg(&self) -> String {
        drawing::svg(self)
    }
}

fn of(template: &Template) -> Diagram {
    let owners = flow::owners(template);
    let mains: Vec<&Resource> =
        template.resources.iter().zip(&owners).filter(|(_, owner)| owner.is_none()).map(|(main, _)| main).collect();
    let flows = flow::flows(template, &owners, &mains);
    let columns: Vec<usize> = mains.iter().map(|main| column(main, &flows, &mains)).collect();
    let rows = rows(&columns, &flows);
    let mut shapes: Vec<Shape> = mains
        .iter()
        .map(|main| {
            let own = template.resources.iter().zip(&owners).filter(|(_, owner)| owner.as_deref() == Some(&main.id));
            Shape {
                id: main.id.clone(),
                kind: words::kind(&main.kind),
                aws: main.kind.clone(),
                about: words::about(main),
                holds_data: crate::replacement::holds_data(&main.kind),
                line: main.line,
                parts: own.map(|(part, _)| (part.id.clone(), words::kind(&part.kind))).collect(),
                x: 0,
                y: 0,
            }
        })
        .collect();
    let (width, height) = place(&mut shapes, &columns, &rows);
    Diagram { shapes, flows, width, height }
}

const WORKS: usize = 1;
const KEEPS: usize = 2;
const WATCHES: usize = 3;
const TELLS: usize = 4;
/// Keys and the like, which serve everything: a row of their own below.
const SERVES: usize = 5;
const COLUMNS: usize = 5;

fn column(main: &Resource, flows: &[(usize, usize)], mains: &[&Resource]) -> usize {
    let place = mains.iter().position(|other| other.id == main.id).unwrap_or_default();
    let is_fed = flows.iter().any(|(from, to)| *to == place && works(&mains[*from].kind));
    match main.kind.as_str() {
        kind if works(kind) => WORKS,
        "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" | "AWS::CloudWatch::Dashboard" => WATCHES,
        "AWS::SNS::Topic" => TELLS,
        "AWS::KMS::Key" | "AWS::IAM::Role" | "AWS::IAM::ManagedPolicy" => SERVES,
        "AWS::DynamoDB::Table" => KEEPS,
        "AWS::Kinesis::Stream" | "AWS::Scheduler::Schedule" | "AWS::Events::Rule" | "AWS::ApiGatewayV2::Api" => 0,
        // Streams, queues, buckets and deliveries are where events come from, unless something here writes to them.
        _ if is_fed => KEEPS,
        _ if flows.iter().any(|(from, _)| *from == place) => 0,
        _ => KEEPS,
    }
}

fn works(kind: &str) -> bool {
    let known = [
        "AWS::Serverless::Function",
        "AWS::Lambda::Function",
        "AWS::StepFunctions::StateMachine",
        "AWS::Serverless::StateMachine",
        "AWS::EMRServerless::Application",
        "AWS::ECS::Service",
        "AWS::ECS::TaskDefinition",
    ];
    known.contains(&kind)
}

/// The row of each shape in its column: first in the order of the template, then near what it is joined to.
fn rows(columns: &[usize], flows: &[(usize, usize)]) -> Vec<usize> {
    let mut rows = vec![0; columns.len()];
    let mut orders: Vec<Vec<usize>> = vec![Vec::new(); COLUMNS + 1];
    for (place, column) in columns.iter().enumerate() {
        rows[place] = orders[*column].len();
        orders[*column].push(place);
    }
    for column in (0..COLUMNS).chain((0..COLUMNS).rev()) {
        let weight = |place: usize| {
            let near = flows.iter().filter_map(|(from, to)| match place {
                _ if *from == place => Some(*to),
                _ if *to == place => Some(*from),
                _ => None,
            });
            let near: Vec<usize> = near.filter(|other| columns[*other] != column).map(|other| rows[other]).collect();
            match near.is_empty() {
                true => rows[place] as f64,
                false => near.iter().sum::<usize>() as f64 / near.len() as f64,
            }
        };
        let mut weighed: Vec<(f64, usize)> = orders[column].iter().map(|place| (weight(*place), *place)).collect();
        weighed.sort_by(|a, b| a.0.total_cmp(&b.0));
        orders[column] = weighed.into_iter().map(|(_, place)| place).collect();
        orders[column].iter().enumerate().for_each(|(row, place)| rows[*place] = row);
    }
    rows
}

/// Columns beside each other, each centred, the serving row below; gives the whole's size.
fn place(shapes: &mut [Shape], columns: &[usize], rows: &[usize]) -> (u32, u32) {
    let count = |column: usize| columns.iter().filter(|own| **own == column).count() as u32;
    let height_of = |count: u32| count * BOX.1 + count.saturating_sub(1) * GAP.1;
    let tallest = (0..COLUMNS).map(count).max().unwrap_or_default();
    let middle = height_of(tallest);
    let used: Vec<usize> = (0..COLUMNS).filter(|column| count(*column) > 0).collect();
    let wide = |count: u32| 2 * MARGIN + count * BOX.0 + count.saturating_sub(1) * GAP.0;
    let width = wide(used.len() as u32).max(wide(1));
    // As many of the serving row beside each other as the columns are wide.
    let beside = ((width - 2 * MARGIN + GAP.1) / (BOX.0 + GAP.1)).max(1);
    for (at, shape) in shapes.iter_mut().enumerate() {
        let row = rows[at] as u32;
        if columns[at] == SERVES {
            shape.x = MARGIN + (row % beside) * (BOX.0 + GAP.1);
            shape.y = MARGIN + middle + GAP.0 / 2 + (row / beside) * (BOX.1 + GAP.1);
        } else {
            let left = used.iter().position(|column| *column == columns[at]).unwrap_or_default() as u32;
            shape.x = MARGIN + left * (BOX.0 + GAP.0);
            shape.y = MARGIN + (middle - height_of(count(columns[at]))) / 2 + row * (BOX.1 + GAP.1);
        }
    }
    let below = count(SERVES).div_ceil(beside);
    let serving = if below == 0 { 0 } else { GAP.0 / 2 + height_of(below) };
    (width, 2 * MARGIN + middle + serving)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "
Resources:
  Key: {Type: AWS::KMS::Key}
  Events: {Type: AWS::Kinesis::Stream, Properties: {StreamEncryption: {KeyId: {Fn::GetAtt: [Key, Arn]}}}}
  Rows: {Type: AWS::DynamoDB::Table}
  Failed: {Type: AWS::SQS::Queue}
  FailedPolicy: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [{Ref: Failed}]}}
  WorkRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - {Action: [kinesis:GetRecords], Resource: {Fn::GetAtt: [Events, Arn]}}
              - {Action: [dynamodb:GetItem, dynamodb:PutItem], Resource: {Fn::GetAtt: [Rows, Arn]}}
              - {Action: [kms:Decrypt], Resource: {Fn::GetAtt: [Key, Arn]}}
  Work: {Type: AWS::Lambda::Function, Properties: {Role: {Fn::GetAtt: [WorkRole, Arn]}, Environment: {Variables: {T: {Ref: Rows}}}}}
  WorkEvents:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: {Fn::GetAtt: [Events, Arn]}
      FunctionName: {Ref: Work}
      DestinationConfig: {OnFailure: {Destination: {Fn::GetAtt: [Failed, Arn]}}}
  Lag: {Type: AWS::CloudWatch::Alarm, Properties: {Dimensions: [{Name: FunctionName, Value: {Ref: Work}}], AlarmActions: [{Ref: Told}]}}
  Told: {Type: AWS::SNS::Topic}
";

    #[test]
    fn a_template_is_read_from_left_to_right() {
        let drawn = diagram(TEMPLATE).unwrap();
        let ids: Vec<&str> = drawn.shapes.iter().map(|shape| shape.id.as_str()).collect();
        assert_eq!(ids, ["Key", "Events", "Rows", "Failed", "Work", "Lag", "Told"]);
        let flows: Vec<(&str, &str)> = drawn.flows.iter().map(|(from, to)| (ids[*from], ids[*to])).collect();
        assert_eq!(flows, [("Events", "Work"), ("Work", "Rows"), ("Work", "Failed"), ("Work", "Lag"), ("Lag", "Told")]);
        let x = |id: &str| drawn.shapes.iter().find(|shape| shape.id == id).map(|shape| shape.x).unwrap();
        assert!(x("Events") < x("Work") && x("Work") < x("Rows") && x("Rows") < x("Lag") && x("Lag") < x("Told"));
        let work = &drawn.shapes[4];
        let parts: Vec<&str> = work.parts.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(parts, ["WorkRole", "WorkEvents"]);
        assert_eq!(drawn.shapes[3].parts, [("FailedPolicy".to_owned(), "Queue policy".to_owned())]);
        assert!(drawn.shapes[2].holds_data && !work.holds_data);
    }

    #[test]
    fn no_two_boxes_meet_and_all_lie_inside() {
        let drawn = diagram(TEMPLATE).unwrap();
        for (at, one) in drawn.shapes.iter().enumerate() {
            assert!(one.x + BOX.0 <= drawn.width && one.y + BOX.1 <= drawn.height, "{one:?}");
            for other in &drawn.shapes[at + 1..] {
                let apart = one.x.abs_diff(other.x) >= BOX.0 || one.y.abs_diff(other.y) >= BOX.1;
                assert!(apart, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn drawings_are_the_same_twice_and_hold_no_markup_of_names() {
        let text = TEMPLATE.replace("Work:", "'Work<script>':");
        let one = diagram(&text).unwrap().svg();
        assert_eq!(one, diagram(&text).unwrap().svg());
        assert!(!one.contains("<script>"), "{one}");
    }

    #[test]
    fn a_template_without_resources_is_empty() {
        let drawn = diagram("Resources: {}\n").unwrap();
        assert!(drawn.shapes.is_empty() && drawn.svg().starts_with("<svg"));
    }
}
