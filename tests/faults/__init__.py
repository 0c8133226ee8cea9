"""Faults put in on purpose: processes that die, disks that fill, files that change."""
