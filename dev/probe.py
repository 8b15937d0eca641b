"""Ends well if a port of this machine is free (`port N`) or a page answers (`page URL`)."""

import socket
import sys
import urllib.error
import urllib.request


def port_is_free(number):
    with socket.socket() as probe:
        # Like Odoo itself: a port that has just been left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(number)))
        except (OSError, OverflowError):
            return False
    return True


def page_answers(url):
    # Without any proxy that the environment names: the page is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=60) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    question, subject = sys.argv[1:]
    sys.exit(not {"port": port_is_free, "page": page_answers}[question](subject))
