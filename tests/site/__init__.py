"""Tests of all that is known of the site, and the sample site."""
