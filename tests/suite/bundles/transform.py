"""AWS SAM template in, CloudFormation out, without a cloud: python transform.py template.yaml out.json

The function's zip is named as if `sam package` had put it into a bucket."""
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
with open(source) as file:
    template = yaml_parse(file.read())
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        zip_path = resource["Properties"]["CodeUri"]
        if not os.path.exists(os.path.join(os.path.dirname(source), zip_path)):
            sys.exit(f"{zip_path} is not in the bundle")
        resource["Properties"]["CodeUri"] = f"s3://artifacts/{zip_path}"
parameters = {name: parameter.get("Default", "x") for name, parameter in template["Parameters"].items()}
try:
    session = boto3.Session(region_name="us-east-1")
    translated = Translator({}, Parser(), boto_session=session).translate(template, parameters)
except InvalidDocumentException as refused:
    sys.exit("\n".join(cause.message for cause in refused.causes))
with open(target, "w") as file:
    json.dump(translated, file, indent=1, default=str)
