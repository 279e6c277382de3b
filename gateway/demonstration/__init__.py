"""The demonstration: the TEST families of the five guides, a simulated bank and a simulated mailbox, in one process."""
