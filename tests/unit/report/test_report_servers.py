"""Links to MLflow and Prefect: where these run, without writing a page again."""

from genrelab.report.servers import DEFAULTS, SCRIPT, flow_run_link, read_servers, run_link, write_servers


def test_what_is_written_is_read(tmp_path):
    """What is not named stays; nothing else is taken up."""
    write_servers(tmp_path, {"mlflow": "https://mlflow.example.org/"})
    write_servers(
        tmp_path, {"prefect": "http://127.0.0.1:14200", "report": "http://127.0.0.1:1", "mlflow": ""}
    )

    assert read_servers(tmp_path) == {
        "mlflow": "https://mlflow.example.org",
        "prefect": "http://127.0.0.1:14200",
    }


def test_a_report_without_the_file_or_with_another_one_has_the_default_ports(tmp_path):
    """As reports of earlier versions."""
    assert read_servers(tmp_path) == DEFAULTS
    for text in ("", "window.genrelabServers = {;\n", 'window.genrelabServers = {"now": {"mlflow": ""}};\n'):
        (tmp_path / SCRIPT).write_text(text)
        assert read_servers(tmp_path) == DEFAULTS


def test_an_address_cannot_end_the_script(tmp_path):
    """Nor can an id leave its address."""
    write_servers(tmp_path, {"mlflow": "http://x/</script>"})

    assert "</script>" not in (tmp_path / SCRIPT).read_text("utf-8")
    assert read_servers(tmp_path)["mlflow"] == "http://x/</script>"
    assert run_link('"><b>/..') == "http://127.0.0.1:5000/#/runs/%22%3E%3Cb%3E%2F.."
    assert (run_link(""), flow_run_link("")) == ("", "")
