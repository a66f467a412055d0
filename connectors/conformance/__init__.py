"""Conformance: does a province keep the contract, by its own connector?"""
