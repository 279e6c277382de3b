// Opens GraphiQL on the endpoint beside this page: /{commune}/graphiql speaks to /{commune}/graphql.
"use strict";

const WELCOME = `# GraphiQL : écrivez une requête, puis Ctrl-Entrée pour l'exécuter.
# La documentation du schéma s'ouvre par la première icône, en haut à gauche.

{
  __typename
}
`;

const fetcher = GraphiQL.createFetcher({ url: "graphql", headers: { "GraphQL-Preflight": "1" } });

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: WELCOME,
    defaultEditorToolsVisibility: true,
    inputValueDeprecation: true,
    isHeadersEditorEnabled: true,
    plugins: [GraphiQLPluginExplorer.explorerPlugin()],
    shouldPersistHeaders: false, // a bearer token must not stay in the browser's storage
  }),
);
