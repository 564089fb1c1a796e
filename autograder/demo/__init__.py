"""Run the whole course on a made-up class of twelve, in a scratch folder."""
