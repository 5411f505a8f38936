using CustobotGateway.Catalog;
using CustobotGateway.GraphQL;
using CustobotGateway.GraphQL.Types;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor.Schemas;

/// <summary>The schema of one registry, bound to the operations.</summary>
internal sealed class GatewaySchema
{
    public GatewaySchema(AttributeRegistry registry)
    {
        Names = new RegistryNames(registry, SchemaText.TakenTypes);
        Schema = Schema.Parse(SchemaText.Write(Names), SchemaResolvers.Of(Names));
    }

    public RegistryNames Names { get; }

    public Schema Schema { get; }

    public long Revision => Names.Registry.Revision;

    /// <summary>The schema's text as it is published: sorted, extensions merged.</summary>
    public string Print() => SchemaPrinter.Print(Schema);
}

/// <summary>Gives the schema of the registry that searches run on; made once for each revision, when it is first asked for.</summary>
internal sealed class SchemaSource(CatalogIndex index, AttributeRegistryStore registry, DocumentCache documents)
{
    private readonly Lock _lock = new();
    private volatile GatewaySchema? _current;

    public GatewaySchema Current
    {
        get
        {
            var newest = index.Current?.Registry ?? registry.Current;
            return _current is { } current && current.Revision == newest.Revision ? current : Make(newest);
        }
    }

    private GatewaySchema Make(AttributeRegistry newest)
    {
        lock (_lock)
        {
            // A request that was slow to ask finds what another one made; it never goes back to an older registry.
            if (_current is { } current && current.Revision >= newest.Revision)
            {
                return current;
            }
            var old = _current;
            _current = new GatewaySchema(newest);
            if (old is not null)
            {
                documents.Forget(old.Schema);
            }
            return _current;
        }
    }
}
