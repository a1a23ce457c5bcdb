"""Surveys: questions that operators ask customers, answers, and what they add up to."""
