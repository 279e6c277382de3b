"""The vocabulary that communes and resolvers share: frozen values that compute answers with their reasons."""
