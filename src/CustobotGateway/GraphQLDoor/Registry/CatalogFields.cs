using System.Runtime.CompilerServices;
using System.Text;
using CustobotGateway.AttributeIndex;
using CustobotGateway.Catalog.Products;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQLDoor.Products;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Registry;

/// <summary>The state of the catalogue, and the events of its changes.</summary>
internal static class CatalogFields
{
    private const int MaxProducts = 100;

    // What changes with a product's price and stock; those that the registry has are watched.
    private static readonly string[] OfferKeys = ["price", "list_price", "availability", "stock_quantity", "lead_time", "delivery_time", "available_from", "restock_date"];

    // The follower gathers changes for some milliseconds; looking more often would see nothing more.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyDictionary<string, object?> Describe(DoorRequest request) => Describe(request.Catalog);

    /// <summary>The catalogue at once, then whenever it changed.</summary>
    public static async IAsyncEnumerable<object?> Changes(ResolverContext context, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        await foreach (var catalog in VersionsAsync(request, context.CancellationToken))
        {
            yield return Describe(catalog);
        }
    }

    /// <summary>Price and stock of each product at once, then of each that changed.</summary>
    public static IAsyncEnumerable<object?> Offers(ResolverContext context, Arguments arguments)
    {
        var ids = ((IReadOnlyList<object?>)arguments["ids"]!).Cast<string>().Distinct().ToArray();
        if (ids.Length is 0 or > MaxProducts)
        {
            throw Problems.Invalid("/ids", "out_of_range", $"Ask for 1 to {MaxProducts} products.");
        }
        return OffersAsync((DoorRequest)context.State!, ids, context.CancellationToken);
    }

    private static async IAsyncEnumerable<object?> OffersAsync(DoorRequest request, string[] ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, string>();
        await foreach (var catalog in VersionsAsync(request, cancellationToken))
        {
            var now = request.On(catalog);
            foreach (var id in ids)
            {
                var product = Find(now, id);
                var offer = product is null ? "" : WriteOffer(now, product);
                if (known.TryGetValue(id, out var before) && before == offer)
                {
                    continue;
                }
                known[id] = offer;
                yield return new Dictionary<string, object?> { ["id"] = id, ["product"] = product, ["catalogVersion"] = catalog.Version };
            }
        }
    }

    private static async IAsyncEnumerable<IndexedCatalog> VersionsAsync(DoorRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? version = null;
        using var timer = new PeriodicTimer(LookInterval, request.Services.Clock);
        do
        {
            if (request.Services.Index.Current is { } catalog && catalog.Version != version)
            {
                version = catalog.Version;
                yield return catalog;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static string WriteOffer(DoorRequest request, IndexedProduct product)
    {
        var start = request.Output.Length;
        product.TryReadAll([.. OfferKeys.Where(key => request.Layout.Find(key) is { Column: >= 0 })]);
        return Encoding.UTF8.GetString(request.Output.Written[start..]);
    }

    private static IndexedProduct? Find(DoorRequest request, string id)
    {
        var (catalog, reference) = (request.Catalog, ProductReference.Parse(id, null));
        if (reference.Number is { } number)
        {
            return catalog.Snapshot.TryFind(number, out var document) ? new IndexedProduct(request, catalog, document, number) : null;
        }
        IndexedProduct? found = null;
        catalog.Snapshot.ForEachMatch(new KeywordIn(IndexedCatalog.ExternalIdColumn, [reference.ExternalId!]),
            document => found = new IndexedProduct(request, catalog, document, catalog.Snapshot.GetId(document)));
        return found;
    }

    private static Dictionary<string, object?> Describe(IndexedCatalog catalog) => new()
    {
        ["version"] = catalog.Version,
        ["asOf"] = catalog.AsOf,
        ["products"] = catalog.Snapshot.Count,
        ["registryRevision"] = catalog.Registry.Revision,
    };
}
