using System.Text;
using CustobotGateway.Common.OpenApi;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>Every operation with its REST and its GraphQL name. What has none in GraphQL stands here with the reason; that list may only shrink.</summary>
public static class OperationTable
{
    // Fields that are not made from the operation's function.
    private static readonly Dictionary<string, string> Catalogue = new()
    {
        ["searchProducts"] = "Query.products",
        ["searchProductsByGet"] = "Query.products",
        ["getProduct"] = "Query.product",
        ["batchGetProducts"] = "Query.productsById",
        ["compareProducts"] = "Query.compare",
        ["listAttributes"] = "Query.attributes",
        ["getAttribute"] = "Query.attribute",
        ["listSearchFilters"] = "Query.searchFilters",
        ["getRemaining"] = "Grant.remaining",
        ["getPreferences"] = "Grant.preferences",
    };

    private static readonly Dictionary<string, string[]> RestOnlyByReason = new()
    {
        ["The GraphQL door itself."] = ["executeGraphQL", "executeGraphQLByGet", "getGraphQLSchema"],
        ["Read before a schema is known, in the form of a standard."] =
            ["getEntry", "headEntry", "getRobots", "getApiCatalog", "headApiCatalog", "getLlmsText", "listProblems", "getProblem", "getResourceMetadata", "getKeyDirectory"],
        ["Asked by load balancers."] = ["getLiveness", "getReadiness", "getReadReadiness"],
        ["A stream of any length."] = ["getGrantEvents", "importProducts"],
        ["Upkeep of the catalogue by the merchant's own system, whose values have no types before they are registered."] =
            ["listProducts", "putProduct", "patchProduct", "deleteProduct", "addAttributes", "getImport", "listImports", "listMappings", "getMapping", "putMapping"],
        ["Asked of a payment provider, not of the shop; its body is the provider's."] = ["createSandboxToken", "receiveStripeEvent"],
        ["Set up once for each system that is told."] =
        [
            "createWebhookEndpoint", "listWebhookEndpoints", "getWebhookEndpoint", "changeWebhookEndpoint", "deleteWebhookEndpoint", "rotateWebhookSecret", "testWebhookEndpoint",
            "listWebhookDeliveries", "getWebhookDelivery", "redeliverWebhook", "redeliverWebhooks",
        ],
        ["Staff administration."] =
        [
            "getShop", "setShop", "getStripeKeys", "setStripeKeys", "createClient", "listClients", "getClient", "changeClient", "deleteClient", "listDemandEvents", "listAgents", "addAgent", "removeAgent",
            "rotateMessageKeys", "listDecisions", "getDecision", "labelDecision", "scoreCallers", "scoreChats", "readSignature", "getLanes", "setLanes", "getOwnLane", "loadLabelledRows",
            "forgetLabelledRows", "createRule", "listRules", "getRule", "changeRule", "deleteRule", "previewRule", "listTrust", "getTrust", "appealTrust", "decideAppeal",
        ],
    };

    /// <summary>REST's name of each operation that has no field, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> RestOnly { get; } =
        RestOnlyByReason.SelectMany(reason => reason.Value.Select(operation => (operation, reason.Key))).ToDictionary(one => one.operation, one => one.Key);

    /// <summary>REST's name of each operation that has a field, with the field.</summary>
    public static IReadOnlyDictionary<string, string> Fields { get; } = GatewayOperations.Fields.All
        .ToDictionary(field => field.Operation, field => $"{(field.IsMutation ? "Mutation" : "Query")}.{field.Name}")
        .Concat(Catalogue).ToDictionary();

    /// <summary>The table as a page.</summary>
    public static string Write(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var text = new StringBuilder("""
            # Operations by their names in REST and in GraphQL

            Written by `./gateway operations` from the routes and the schema. One function answers both; a field of the type `Query` or `Mutation` asks of a token what the route asks, at the
            resource `/graphql`. Operations without a field have the reason instead.

            | operation | REST | GraphQL |
            | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var operation in contract.Operations.OrderBy(operation => operation.Id, StringComparer.Ordinal))
        {
            var field = Fields.GetValueOrDefault(operation.Id) is { } known ? $"`{known}`" : RestOnly.GetValueOrDefault(operation.Id, "");
            text.Append("| `").Append(operation.Id).Append("` | `").Append(operation.Method.ToUpperInvariant()).Append(' ').Append(operation.Path).Append("` | ").Append(field).Append(" |\n");
        }
        return text.ToString();
    }
}
