"""Runs the AWS CLI, each command in a process of its own, as its user does."""

import json
import subprocess
import sys

import awscli

from steps import Steps, endpoint

steps = Steps("AWS CLI", awscli.__version__)


def aws(service: str, command: str, *arguments: str):
    """What the command answers; nothing for the commands that answer nothing."""
    program = [sys.executable, "-m", "awscli", service, command, "--endpoint-url", endpoint()]
    done = subprocess.run(
        [*program, "--output", "json", *arguments], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stderr.strip()}")
    return json.loads(done.stdout) if done.stdout.strip() else None
