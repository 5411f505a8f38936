using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>What a resolver may know of the request and of the field that it answers.</summary>
public readonly struct ResolverContext
{
    private readonly Executor _executor;
    private readonly FieldPlan _field;

    internal ResolverContext(Executor executor, FieldPlan field) => (_executor, _field) = (executor, field);

    /// <summary>The caller's object of this request, for services and identity.</summary>
    public object? State => _executor.State;

    /// <summary>The schema that the request runs on.</summary>
    public Schema Schema => _executor.Schema;

    /// <summary>Where writers put their values; null where the options have none.</summary>
    public IValueBuffer? Values => _executor.Values;

    /// <summary>Ends when nobody waits for the answer any more.</summary>
    public CancellationToken CancellationToken => _executor.CancellationToken;

    /// <summary>The field.</summary>
    public FieldDefinition Field => _field.Definition;

    /// <summary>The type that has the field.</summary>
    public ObjectType Parent => _field.Parent;

    /// <summary>The field's name in the response.</summary>
    public string ResponseName => _field.ResponseName;

    /// <summary>Where the field is asked; several places where selections were merged.</summary>
    public IReadOnlyList<FieldNode> Nodes => _field.Nodes;

    /// <summary>Loads by key, in one batch with what other fields of this request load by the same loader.</summary>
    public Task<TValue?> LoadAsync<TKey, TValue>(BatchLoader<TKey, TValue> loader, TKey key)
        where TKey : notnull => _executor.Queue(loader).LoadAsync(key);

    /// <summary>Whether a field is asked of the value, in the type given; so that what is not asked is not fetched.</summary>
    public bool Asks(ObjectType type, string field) => Array.Exists(_field.SelectionFor(type).Fields, asked => asked.Definition.Name == field);
}
