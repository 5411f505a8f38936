using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>Finds a field's value at once.</summary>
/// <param name="context">The request and the field.</param>
/// <param name="parent">The value of the object that has the field; the root value at the top.</param>
/// <param name="arguments">Its arguments after coercion.</param>
public delegate FieldValue FieldResolver(ResolverContext context, object? parent, Arguments arguments);

/// <summary>Finds a field's value by waiting for it.</summary>
/// <param name="context">The request and the field.</param>
/// <param name="parent">The value of the object that has the field; the root value at the top.</param>
/// <param name="arguments">Its arguments after coercion.</param>
public delegate ValueTask<FieldValue> AsyncFieldResolver(ResolverContext context, object? parent, Arguments arguments);

/// <summary>Opens the events of a subscription's field; each event is the parent that the field is then resolved on (spec §6.2.3.1).</summary>
/// <param name="context">The request and the field.</param>
/// <param name="arguments">Its arguments after coercion.</param>
public delegate IAsyncEnumerable<object?> SubscriptionSource(ResolverContext context, Arguments arguments);

/// <summary>
/// The functions that a schema's fields are bound to. A field without one is read from its parent, by name: from a dictionary or a JSON
/// object.
/// </summary>
public sealed class Resolvers
{
    private readonly List<(string Type, string Field, Action<FieldDefinition> Bind)> _fields = [];
    private readonly List<(string Scalar, Func<object, object?> Read)> _scalars = [];
    private readonly List<(string Type, Type Class)> _classes = [];

    /// <summary>Binds a field.</summary>
    public Resolvers Field(string type, string field, FieldResolver resolver) => Add(type, field, definition => definition.Resolver = resolver);

    /// <summary>Binds a field whose value takes waiting.</summary>
    public Resolvers FieldAsync(string type, string field, AsyncFieldResolver resolver) =>
        Add(type, field, definition => definition.AsyncResolver = resolver);

    /// <summary>Binds a field to its parent's class, for which no cast is written.</summary>
    public Resolvers Field<TParent>(string type, string field, Func<TParent, FieldValue> read) =>
        Field(type, field, (_, parent, _) => read((TParent)parent!));

    /// <summary>
    /// Binds a leaf, or a list of leaves, to what writes it as JSON into <see cref="ExecutionOptions.Values"/>. A selection whose fields are
    /// all bound to writers, with parents of one class, is written in one go; parents of another class are read by name.
    /// </summary>
    public Resolvers Leaf<TParent>(string type, string field, LeafWriter<TParent> write) => Add(type, field, new LeafFieldWriter<TParent>(write));

    /// <summary>Binds a field to the object that it answers, which is written as the parent of the fields below.</summary>
    public Resolvers Object<TParent, TChild>(string type, string field, ChildReader<TParent, TChild> read) =>
        Add(type, field, new ObjectFieldWriter<TParent, TChild>(read));

    /// <summary>Binds a field to the objects that it lists, each of which is written as the parent of the fields below.</summary>
    public Resolvers List<TParent, TItem>(string type, string field, ItemCounter<TParent> count, ItemReader<TParent, TItem> item) =>
        Add(type, field, new ListFieldWriter<TParent, TItem>(count, item));

    /// <summary>Binds a field of the subscription root to its events.</summary>
    public Resolvers Subscribe(string field, SubscriptionSource source, string type = "Subscription") =>
        Add(type, field, definition => definition.Source = source);

    /// <summary>Says which object type the values of a class have, where a field's type is abstract (ResolveAbstractType, spec §6.4.3).</summary>
    public Resolvers Type<TClass>(string type)
    {
        _classes.Add((type, typeof(TClass)));
        return this;
    }

    /// <summary>Reads a custom scalar's input (string, long, double, bool, list, dictionary); <see cref="FormatException"/> says what is wrong.</summary>
    public Resolvers Scalar(string scalar, Func<object, object?> read)
    {
        _scalars.Add((scalar, read));
        return this;
    }

    /// <summary>Binds to the types of a schema; the object types by class.</summary>
    internal Dictionary<Type, ObjectType> Bind(Dictionary<string, NamedType> types)
    {
        var errors = new List<GraphQLError>();
        foreach (var (type, field, bind) in _fields)
        {
            if ((types.GetValueOrDefault(type) as CompositeType)?.Fields.Find(field) is { } definition)
            {
                bind(definition);
            }
            else
            {
                errors.Add(new($"A resolver is bound to {type}.{field}, which the schema lacks.", []));
            }
        }
        foreach (var (scalar, read) in _scalars)
        {
            if (types.GetValueOrDefault(scalar) is ScalarType type)
            {
                type.Read = read;
            }
            else
            {
                errors.Add(new($"A reader is bound to the scalar {scalar}, which the schema lacks.", []));
            }
        }
        var classes = new Dictionary<Type, ObjectType>();
        foreach (var (type, bound) in _classes)
        {
            if (types.GetValueOrDefault(type) is not ObjectType known || !classes.TryAdd(bound, known))
            {
                errors.Add(new($"The class {bound.Name} is bound to {type}, which is no object type or is bound twice.", []));
            }
        }
        return errors.Count == 0 ? classes : throw new SchemaException(errors);
    }

    private Resolvers Add(string type, string field, FieldWriter writer) => Add(type, field, definition =>
    {
        definition.Writer = definition.Arguments.Count == 0 ? writer : throw new InvalidOperationException($"{type}.{field} has arguments, which writers do not read.");
        definition.Resolver = (context, parent, _) => writer.Resolve(parent, definition.Name, context.Values);
    });

    private Resolvers Add(string type, string field, Action<FieldDefinition> bind)
    {
        _fields.Add((type, field, bind));
        return this;
    }
}
