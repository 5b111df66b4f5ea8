"""AWS SAM or CloudFormation template in, CloudFormation as JSON out, without a cloud: python transform.py template.yaml out.json

The functions' zips are named as if `sam package` had put them into a bucket; definitions of state machines are put inside."""
import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
import boto3
from samtranslator.parser.parser import Parser
from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

source, target = sys.argv[1:3]
folder = os.path.dirname(os.path.abspath(source))


def inside(path):
    """A file or folder of the bundle that the template names."""
    if os.path.isabs(path) or ".." in path.split("/"):
        sys.exit(f"{path} lies outside the bundle")
    if not os.path.exists(os.path.join(folder, path)):
        sys.exit(f"{path} is not in the bundle")
    return os.path.join(folder, path)


with open(source) as file:
    template = yaml_parse(file.read())
shared = template.get("Globals", {}).get("Function", {})
for resource in template["Resources"].values():
    properties = resource.get("Properties") or {}
    if resource["Type"] == "AWS::Serverless::Function":
        path = properties.get("CodeUri", shared.get("CodeUri"))
        if isinstance(path, str) and not path.startswith("s3://"):
            inside(path)
            properties["CodeUri"] = f"s3://artifacts/{path}"
    if resource["Type"] == "AWS::Serverless::StateMachine" and isinstance(properties.get("DefinitionUri"), str):
        with open(inside(properties.pop("DefinitionUri"))) as file:
            properties["Definition"] = json.load(file)
if "Transform" in template:
    parameters = {name: parameter.get("Default", "x") for name, parameter in template.get("Parameters", {}).items()}
    try:
        session = boto3.Session(region_name="us-east-1")
        template = Translator({}, Parser(), boto_session=session).translate(template, parameters)
    except InvalidDocumentException as refused:
        sys.exit("\n".join(cause.message for cause in refused.causes))
with open(target, "w") as file:
    json.dump(template, file, indent=1, default=str)
