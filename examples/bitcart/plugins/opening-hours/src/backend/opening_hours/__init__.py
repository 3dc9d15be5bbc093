"""Whether somebody is there to answer questions."""
