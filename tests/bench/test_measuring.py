"""The measurement itself: what it counts, what it divides, and what it left behind."""

import asyncio
import json
from pathlib import Path

import pytest

from bench.figures import FROM_ROUNDS, FROM_STARTS, ratios, spread
from bench.load import Heard, NoWords, percentile, talk
from bench.wire import Refused, Wire

RESULT = Path(__file__).resolve().parents[2] / "bench/results/turn.json"


def a_round(ours, stock):
    """One round in which every figure of a side is the same number."""
    figures = {figure: 1.0 for _, _, figure in FROM_ROUNDS}
    return {
        at_once: {
            "ours": {figure: ours * one for figure, one in figures.items()},
            "stock": {figure: stock * one for figure, one in figures.items()},
        }
        for _, at_once, _ in FROM_ROUNDS
    }


def a_start(ours, stock):
    return {what: {"ours": ours, "stock": stock} for _, what in FROM_STARTS}


MEMORY = {
    "ours": {"bot": {"pss_mib": 100.0}, "desk": {"pss_mib": 50.0}},
    "stock": {"rasa": {"pss_mib": 1000.0}},
}


def test_a_ratio_is_our_median_over_stocks_median():
    rounds = [a_round(1, 4), a_round(2, 4), a_round(90, 8)]
    found = ratios(rounds, [a_start(1, 10)], MEMORY)
    assert found["p50_ratio"] == found["throughput_ratio_8"] == 0.5
    assert (found["start_ratio"], found["memory_ratio"]) == (0.1, 0.1)
    assert found["memory_ratio_all"] == 0.15


def test_the_spread_is_that_of_the_single_rounds():
    rounds = [a_round(1, 4), a_round(2, 4)]
    assert spread(rounds, [a_start(1, 10)])["p50_ratio"] == [0.25, 0.5]


@pytest.mark.parametrize(("percent", "value"), [(50, 50.5), (95, 95.05)])
def test_a_percentile_lies_between_its_neighbours(percent, value):
    assert percentile([float(each) for each in range(1, 101)], percent) == pytest.approx(value)


def test_figures_are_per_turn():
    heard = Heard(waits=[0.01, 0.02, 0.03, 0.04], expected=3, seconds=0.5, worked=0.06)
    figures = heard.figures()
    assert (figures["turns_per_second"], figures["work_ms"], figures["understood"]) == (8, 15, 0.75)


def test_a_bot_without_words_ends_the_measurement(monkeypatch):
    class Mute:
        name, answers = "mute", {}

        async def begin(self):
            return self

        async def say(self, text):
            return ""

        async def close(self):
            pass

        def pids(self):
            return {}

    with pytest.raises(NoWords):
        asyncio.run(talk(Mute(), customers=1, conversations=1, turns=1))


def test_the_client_reads_answers_refusals_and_streams_however_they_are_cut():
    asyncio.run(_talk_to_a_server())


async def _talk_to_a_server():
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    async with server:
        wire = Wire(server.sockets[0].getsockname()[1], {"X-Who": "me"})
        assert await wire.ask("POST", "/words", {"text": "你好"}) == {"heard": "你好"}
        with pytest.raises(Refused, match="404"):
            await wire.ask("GET", "/nothing")
        frames = [frame async for frame in wire.frames("/stream", {})]
        assert frames == [{"id": "1", "data": "one"}, {"id": "2", "data": "two: 2"}]
        wire.close()


async def _serve(reader, writer):
    """Three requests, as a server would answer them."""
    for _ in range(3):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert "X-Who: me" in head
        length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
        body = await reader.readexactly(length)
        if " /words " in head:
            answer = json.dumps({"heard": json.loads(body)["text"]}).encode()
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: %d\r\n\r\n" % len(answer))
            writer.write(answer)
        elif " /stream " in head:
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for chunk in (b": open\n\nid: 1\nda", b"ta: one\n\nid: 2\ndata: two: 2\n\n", b""):
                writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        else:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    writer.close()
    await writer.wait_closed()


def test_the_kept_result_says_what_was_promised():
    kept = json.loads(RESULT.read_text())
    promised = ("p50_ratio", "p95_ratio", "throughput_ratio_8", "start_ratio", "memory_ratio")
    assert all(kept[name] > 0 for name in promised)
    talks = [talk for each in kept["rounds"] for talk in each.values()]
    understood = [side["understood"] for talk in talks for side in talk.values()]
    assert min(understood) >= 0.95
