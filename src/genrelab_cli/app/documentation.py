"""The page /docs: every address of the API from its OpenAPI description, without a script and without the network.

FastAPI's own page loads its scripts from a content delivery network.
"""

import json
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>API of {{ title }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; }
h2 { border-top: 1px solid #8886; padding-top: 1rem; margin-top: 2rem; font-size: 1.2rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9rem; }
h2 code { font-size: 1.1rem; }
pre { background: #8882; padding: .75rem; overflow-x: auto; border-radius: .3rem; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0; }
</style>
<h1>API of {{ title }}</h1>
<p>{{ description }} The same in <a href="/openapi.json">OpenAPI</a>.</p>
<p>Every answer names the version of the model and of its tables. An error is
<code>{"error": {"what", "found", "allowed", "do"}}</code>. Where the server requires a token, send
<code>Authorization: Bearer TOKEN</code>.</p>
{% for each in operations %}
<h2><code>{{ each.method }} {{ each.path }}</code></h2>
<p>{{ each.summary }}. {{ each.description }}</p>
{% if each.parameters %}
<p>In the address:</p>
<ul>
{% for name, required in each.parameters %}<li><code>{{ name }}</code>{{ "" if required else ", optional" }}</li>
{% endfor %}</ul>
{% endif %}
{% if each.fields %}
<p>In the body, as JSON{{ " (or as CSV)" if each.takes_csv else "" }}:</p>
<table>
{% for name, required, meaning in each.fields %}<tr><td><code>{{ name }}</code></td>
<td>{{ meaning }}{{ "" if required else " Optional." }}</td></tr>
{% endfor %}</table>
{% endif %}
{% if each.answer %}<p>The answer:</p>
<pre>{{ each.answer }}</pre>{% endif %}
{% endfor %}
</html>
"""


def documentation(described: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        described: The OpenAPI description.
    """
    info = described["info"]
    operations = [
        _operation(method, path, operation, described)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    template = Environment(autoescape=True, trim_blocks=True).from_string(PAGE)
    return template.render(title=info["title"], description=info["description"], operations=operations)


def _operation(
    method: str, path: str, operation: Mapping[str, Any], described: Mapping[str, Any]
) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    shape = content.get("application/json", {}).get("schema", {})
    answer = (
        operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema")
    )
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [
            (each["name"], each.get("required", False)) for each in operation.get("parameters", [])
        ],
        "fields": [
            (name, name in shape.get("required", []), field.get("description", ""))
            for name, field in shape.get("properties", {}).items()
        ],
        "takes_csv": "text/csv" in content,
        "answer": json.dumps(_outline(answer, described), indent=2, ensure_ascii=False) if answer else "",
    }


def _outline(schema: Mapping[str, Any], described: Mapping[str, Any]) -> Any:
    """What an answer looks like: each field with the name of its type."""
    if "$ref" in schema:
        return _outline(described["components"]["schemas"][schema["$ref"].rpartition("/")[2]], described)
    if "anyOf" in schema:
        kinds = [_outline(each, described) for each in schema["anyOf"]]
        texts = [kind for kind in kinds if isinstance(kind, str)]
        return " or ".join(texts) if len(texts) == len(kinds) else kinds[0]
    if schema.get("type") == "array":
        return [_outline(schema["items"], described)]
    if "properties" in schema:
        return {name: _outline(field, described) for name, field in schema["properties"].items()}
    if isinstance(schema.get("additionalProperties"), Mapping):
        return {"…": _outline(schema["additionalProperties"], described)}
    return schema.get("type", "anything")
