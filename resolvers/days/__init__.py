"""What happens on the day: the lists, who came, who was absent, the meals."""
