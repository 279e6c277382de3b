"""The addresses of the portal: GraphQL, downloads, uploads, pages; who asks, and for which commune."""
