using CustobotGateway.AttributeIndex;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor;

/// <summary>What the resolvers of one request share: who asks, the services, and the state of the catalogue that all of it is answered from.</summary>
internal sealed class DoorRequest
{
    private readonly DoorServices _services;
    private SearchResult? _result;
    private IndexedCatalog? _catalog;

    public DoorRequest(DoorServices services, RegistryNames names, HttpContext http, DoorScratch scratch)
        : this(services, names, http, http.GetAgent(), scratch)
    {
    }

    private DoorRequest(DoorServices services, RegistryNames names, HttpContext http, AgentPrincipal agent, DoorScratch scratch) =>
        (_services, Names, Http, Agent, AcceptLanguage, Values, _result, Sight) = (services, names, http, agent, http.Request.Headers.AcceptLanguage, scratch.Values, scratch.Result, Sight.Of(agent));

    public DoorServices Services => _services;

    public RegistryNames Names { get; }

    /// <summary>The request as it came.</summary>
    public HttpContext Http { get; }

    public AgentPrincipal Agent { get; }

    /// <summary>What of products the caller is shown.</summary>
    public Sight Sight { get; }

    public string? AcceptLanguage { get; }

    /// <summary>The catalogue when it was first read in this request; throws <c>catalog_loading</c> before there is one.</summary>
    public IndexedCatalog Catalog => _catalog ??= _services.Index.Current ?? throw Problems.ToException(SearchProducts.Loading());

    /// <summary>The catalogue, if it was read.</summary>
    public IndexedCatalog? UsedCatalog => _catalog;

    /// <summary>The attributes as the catalogue's searches see them.</summary>
    public SearchLayout Layout => field ??= SearchLayout.Of(Catalog);

    /// <summary>Values as JSON, which the response is written from.</summary>
    public DoorValues Values { get; }

    /// <summary>The same, as the searches' writers know it.</summary>
    public SearchOutput Output => Values.Output;

    /// <summary>What a search can be answered into; the first of a request uses what an earlier request has left.</summary>
    public SearchResult TakeResult() => Interlocked.Exchange(ref _result, null) ?? new SearchResult();

    /// <summary>The same request on the newest state of the catalogue; for events.</summary>
    public DoorRequest On(IndexedCatalog catalog) => new(_services, Names, Http, Agent, new DoorScratch()) { _catalog = catalog };
}
