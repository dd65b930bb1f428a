"""Holds golden exchanges against an OpenAPI document: python conformance.py DOCUMENT FOLDER

Every answer must be one that the document promises for its path, method and status, headers included; every request
that was accepted must be one that the document allows.
"""

import json
import pathlib
import re
import sys
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

URI = "urn:document"
EXCHANGES_MIN = 40


def read(path):
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    first, *fields = head.split("\n")
    headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
    return first, headers, body.rstrip("\n")


def escaped(segment):
    return segment.replace("~", "~0").replace("/", "~1")


class Document:
    def __init__(self, path):
        self.content = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.registry = Registry().with_resource(URI, Resource.opaque(self.content))
        # The first server is the mount; what follows `/t/{tenant}/{dialect}` in it is part of every path.
        self.base = re.sub(r"^/t/[^/]+/[^/]+", "", self.content["servers"][0]["url"]).rstrip("/")
        self.patterns = [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(pattern))), pattern)
                         for pattern in sorted(self.content["paths"], key=lambda pattern: "{" in pattern)]

    def errors(self, pointer, value):
        schema = {"$ref": f"{URI}#{pointer}"}
        return [error.message for error in Draft202012Validator(schema, registry=self.registry).iter_errors(value)]

    def pattern(self, target):
        path = re.sub(r"^/t/[^/]+/[^/]+", "", urlsplit(target).path)
        if not path.startswith(self.base):
            return None
        return next((pattern for regex, pattern in self.patterns if regex.fullmatch(path[len(self.base):])), None)

    def resolved(self, pointer, part):
        """Where a part really stands, and the part."""
        while "$ref" in part:
            pointer = part["$ref"].removeprefix("#")
            part = self.content
            for step in pointer.split("/")[1:]:
                part = part[step.replace("~1", "/").replace("~0", "~")]
        return pointer, part

    def parameters(self, pattern, method):
        """The query's parameters by name: pointer to their schema, and the schema."""
        found = {}
        for owner, pointer in ((self.content["paths"][pattern], f"/paths/{escaped(pattern)}"),
                               (self.content["paths"][pattern][method], f"/paths/{escaped(pattern)}/{method}")):
            for index, parameter in enumerate(owner.get("parameters", [])):
                place, parameter = self.resolved(f"{pointer}/parameters/{index}", parameter)
                if parameter["in"] == "query":
                    found[parameter["name"]] = (f"{place}/schema", self.resolved("", parameter["schema"])[1])
        return found


def coerced(text, schema):
    """A query's text as the value that its schema is about."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return {"true": True, "false": False}.get(text, text) if schema.get("type") == "boolean" else text


def check(document, request_path):
    request, request_headers, request_body = read(request_path)
    name = request_path.name.removesuffix(".request.http")
    response, response_headers, response_body = read(request_path.with_name(f"{name}.response.http"))
    method, target, _ = request.split(" ")
    status = response.split(" ")[1]
    pattern = document.pattern(target)
    operation = document.content["paths"].get(pattern, {}).get(method.lower())

    if operation is None:
        # Paths and methods that the document does not have.
        expected = {"404"} if pattern is None else {"405", "401"} | ({"204"} if method == "OPTIONS" else set())
        if status not in expected:
            yield f"{status} for what is not in the document, not {expected}"
        if response_body:
            yield from document.errors("/components/schemas/Error", json.loads(response_body))
        return

    place = f"/paths/{escaped(pattern)}/{method.lower()}"
    if status not in operation["responses"]:
        yield f"{method} {pattern} does not promise {status}"
        return
    pointer, answer = document.resolved(f"{place}/responses/{status}", operation["responses"][status])
    media_type = response_headers["content-type"].split(";")[0]
    if media_type not in answer["content"]:
        yield f"{media_type} is not promised"
        return
    value = json.loads(response_body) if media_type == "application/json" else response_body
    yield from (f"answer: {error}"
                for error in document.errors(f"{pointer}/content/{escaped(media_type)}/schema", value))
    if status in ("429", "503") and not response_headers.get("retry-after", "").isdigit():
        yield f"{status} without Retry-After"

    if status != "200":
        return
    if "requestBody" in operation:
        yield from (f"request: {error}" for error in document.errors(
            f"{place}/requestBody/content/application~1json/schema", json.loads(request_body)))
    parameters = document.parameters(pattern, method.lower())
    for parameter, text in parse_qsl(urlsplit(target).query, keep_blank_values=True):
        if parameter not in parameters:
            yield f"{parameter} is not in the document"
            continue
        pointer, schema = parameters[parameter]
        yield from (f"{parameter}: {error}" for error in document.errors(pointer, coerced(text, schema)))


def main(document_path, folder):
    document = Document(document_path)
    exchanges = sorted(pathlib.Path(folder).glob("*.request.http"))
    problems = [f"{path.name}: {problem}" for path in exchanges for problem in check(document, path)]
    if len(exchanges) < EXCHANGES_MIN:
        problems.append(f"only {len(exchanges)} exchanges in {folder}")
    print("\n".join(problems) or f"{len(exchanges)} exchanges conform")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
