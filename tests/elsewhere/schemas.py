"""The published formats of result files as JSON Schemas, written from each system's specification and not from the kit.

Gradescope: gradescope-autograders.readthedocs.io/en/latest/specs. PrairieLearn: docs.prairielearn.com/externalGrading.
Classroom 50: its wiki, Advanced Autograding, and schemas/result-v1.schema.json without the fields that the runner adds.
"""

from typing import Any

from jsonschema import Draft202012Validator

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEXT_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
WHOLE = {"type": "integer", "minimum": 0}
NAME = {"type": "string", "minLength": 1}


def closed(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": {name.replace("__", "-"): schema for name, schema in properties.items()},
        "additionalProperties": False,
    }


GRADESCOPE_TEST = closed(
    "",
    score=NUMBER,
    max_score=NUMBER,
    status={"enum": ["passed", "failed"]},
    name=TEXT,
    name_format=TEXT_FORMAT,
    number=TEXT,
    output=TEXT,
    output_format=TEXT_FORMAT,
    tags={"type": "array", "items": TEXT},
    visibility=VISIBILITY,
    extra_data={"type": "object"},
)
GRADESCOPE = closed(
    "",
    score=NUMBER,
    execution_time={"type": "integer"},
    output=TEXT,
    output_format=TEXT_FORMAT,
    test_output_format=TEXT_FORMAT,
    test_name_format=TEXT_FORMAT,
    visibility=VISIBILITY,
    stdout_visibility=VISIBILITY,
    extra_data={"type": "object"},
    tests={"type": "array", "items": GRADESCOPE_TEST},
) | {"anyOf": [{"required": ["score"]}, {"properties": {"tests": {"items": {"required": ["score"]}}}}]}

IMAGES = {
    "type": "array",
    "items": closed("url", label=TEXT, url={"type": "string", "pattern": "^data:image/png;base64,[A-Za-z0-9+/]+=*$"}),
}
PRAIRIELEARN_TEST = closed(
    "name points max_points",
    name=NAME,
    description=TEXT,
    points=NUMBER,
    max_points=NUMBER,
    message=TEXT,
    output=TEXT,
    images=IMAGES,
)
PRAIRIELEARN = closed(
    "",
    gradable={"type": "boolean"},
    score={"type": "number", "minimum": 0, "maximum": 1},
    message=TEXT,
    output=TEXT,
    format_errors={"type": ["string", "array"], "items": TEXT},
    images=IMAGES,
    tests={"type": "array", "items": PRAIRIELEARN_TEST},
) | {
    "if": {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
    "else": {"required": ["score"]},
}

CLASSROOM50 = closed(
    "schema classroom assignment submission commit release review score max-score tests",
    schema={"const": "classroom50/result/v1"},
    classroom=NAME,
    assignment=NAME,
    submission={"type": "string", "pattern": "^submit/"},
    commit=NAME,
    release=NAME,
    review=NAME,
    score=WHOLE,
    max__score=WHOLE,
    tests={
        "type": "array",
        "items": {
            "type": "object",
            "required": ["test-name", "passed", "score", "max-score"],
            "properties": {
                "test-name": NAME,
                "passed": {"type": "boolean"},
                "score": WHOLE,
                "max-score": WHOLE,
            },
        },
    },
)

# PrairieLearn's own question file: the fields that its schema asks for, and those of an external grader.
QUESTION = closed(
    "uuid type title topic",
    uuid={"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},
    type={"const": "v3"},
    title=NAME,
    topic=NAME,
    gradingMethod={"enum": ["Internal", "External", "Manual"]},
    singleVariant={"type": "boolean"},
    externalGradingOptions=closed(
        "image entrypoint",
        enabled={"type": "boolean"},
        image=NAME,
        serverFilesCourse={"type": "array", "items": TEXT},
        entrypoint={"type": ["string", "array"], "items": TEXT},
        timeout={"type": "integer", "maximum": 600},
    ),
)


def validate(document: Any, schema: dict[str, Any]) -> None:
    """Raise ValidationError where a document does not have the published form."""
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
