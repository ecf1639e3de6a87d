"""The shaking map as a part of the account: page, short form, and files for other programs."""
