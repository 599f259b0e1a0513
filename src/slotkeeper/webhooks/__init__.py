"""Webhooks: what is told to endpoints (Standard Webhooks), who gets it, and how it is sent."""
