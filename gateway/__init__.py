"""The doors: everything that talks to the outside (HTTP, SMTP, banks, PDF, the clock, argv, the environment, files)."""
