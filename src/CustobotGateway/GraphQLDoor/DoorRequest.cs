using CustobotGateway.Common;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor;

/// <summary>What the resolvers of one request share: who asks, the services, and the state of the catalogue that all of it is answered from.</summary>
internal sealed class DoorRequest
{
    private readonly DoorServices _services;
    private IndexedCatalog? _catalog;

    public DoorRequest(DoorServices services, RegistryNames names, AgentPrincipal agent, string? acceptLanguage, SearchOutput output) =>
        (_services, Names, Agent, AcceptLanguage, Output) = (services, names, agent, acceptLanguage, output);

    public DoorServices Services => _services;

    public RegistryNames Names { get; }

    public AgentPrincipal Agent { get; }

    public string? AcceptLanguage { get; }

    /// <summary>The catalogue when it was first read in this request; throws <c>catalog_loading</c> before there is one.</summary>
    public IndexedCatalog Catalog => _catalog ??= _services.Index.Current ?? throw Problems.ToException(SearchProducts.Loading());

    /// <summary>The catalogue, if it was read.</summary>
    public IndexedCatalog? UsedCatalog => _catalog;

    /// <summary>The attributes as the catalogue's searches see them.</summary>
    public SearchLayout Layout => field ??= SearchLayout.Of(Catalog);

    /// <summary>Values as JSON, which the response is written from.</summary>
    public SearchOutput Output { get; }

    /// <summary>The same request on the newest state of the catalogue; for events.</summary>
    public DoorRequest On(IndexedCatalog catalog) => new(_services, Names, Agent, AcceptLanguage, new SearchOutput()) { _catalog = catalog };
}
