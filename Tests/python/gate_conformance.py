"""Holds golden exchanges against an OpenAPI document: python gate_conformance.py DOCUMENT FOLDER

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

URI = "urn:gate"


def read(path):
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    first, *fields = head.split("\n")
    headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
    return first, headers, body.rstrip("\n")


def main(document_path, folder):
    document = json.loads(pathlib.Path(document_path).read_text(encoding="utf-8"))
    registry = Registry().with_resource(URI, Resource.opaque(document))
    problems = []
    exchanges = sorted(pathlib.Path(folder).glob("*.request.http"))

    def errors(schema_pointer, value):
        schema = {"$ref": f"{URI}#{schema_pointer}"}
        return [error.message for error in Draft202012Validator(schema, registry=registry).iter_errors(value)]

    for request_path in exchanges:
        name = request_path.name.removesuffix(".request.http")
        request, request_headers, request_body = read(request_path)
        response, response_headers, response_body = read(request_path.with_name(f"{name}.response.http"))
        method, target, _ = request.split(" ")
        status = response.split(" ")[1]
        path = re.sub(r"^/t/[^/]+/gate", "", urlsplit(target).path)
        pattern = "/r/{token}" if re.fullmatch(r"/r/[^/]+", path) else path
        operation = document["paths"].get(pattern, {}).get(method.lower())

        if operation is None:
            # Paths and methods that the document does not have: 404, 405, and 204 for OPTIONS.
            expected = "204" if method == "OPTIONS" else "404" if pattern not in document["paths"] else "405"
            if status != expected:
                problems.append(f"{name}: {status} for what is not in the document, not {expected}")
            if response_body:
                problems += [f"{name}: {error}" for error in errors("/components/schemas/Error", json.loads(response_body))]
            continue

        answer = operation["responses"].get(status)
        if answer is None:
            problems.append(f"{name}: {method} {pattern} does not promise {status}")
            continue
        pointer = f"/paths/{pattern.replace('/', '~1')}/{method.lower()}/responses/{status}"
        if "$ref" in answer:
            pointer = answer["$ref"].removeprefix("#")
            answer = document["components"]["responses"][pointer.rsplit("/", 1)[1]]
        pointer += "/content/application~1json/schema"
        problems += [f"{name}: answer: {error}" for error in errors(pointer, json.loads(response_body))]
        if not response_headers["content-type"].startswith("application/json"):
            problems.append(f"{name}: {response_headers['content-type']}")
        if status in ("429", "503") and not response_headers.get("retry-after", "").isdigit():
            problems.append(f"{name}: {status} without Retry-After")

        if status == "200" and method == "POST" and pattern == "/api/proxy":
            problems += [f"{name}: request: {error}" for error in errors("/components/schemas/Operation", json.loads(request_body))]
        if status == "200" and method == "GET" and pattern == "/api/proxy":
            for parameter, value in parse_qsl(urlsplit(target).query):
                index = [p.get("name") for p in operation["parameters"]].index(parameter)
                pointer = f"/paths/~1api~1proxy/get/parameters/{index}/schema"
                problems += [f"{name}: {parameter}: {error}" for error in errors(pointer, value)]

    if len(exchanges) < 40:
        problems.append(f"only {len(exchanges)} exchanges in {folder}")
    print("\n".join(problems) or f"{len(exchanges)} exchanges conform")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
