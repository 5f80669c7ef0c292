"""The sample summit: what a newcomer sees first. Texts are in the two TOML files beside this one."""
