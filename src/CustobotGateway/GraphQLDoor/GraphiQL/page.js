'use strict';
const example = `# The catalogue of this gateway. Control-Space completes, Control-Enter runs.
query Monitors {
  products(
    must: { category: { eq: "monitor" }, refresh_rate: { gte: 100, unit: "Hz" } }
    sort: { by: price }
    facets: { attribute: panel_type }
    first: 5
  ) {
    totalCount
    nodes {
      id
      name
      price { amount currency }
      refresh_rate { value unit }
      panel_type
    }
    facets { attribute values { value count } }
    pageInfo { hasNextPage endCursor }
  }
}
`;
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, { fetcher: GraphiQL.createFetcher({ url: '/graphql' }), defaultQuery: example }));
