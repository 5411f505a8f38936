using System.Runtime.CompilerServices;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// Executes one operation (spec §6.2 to §6.4). Resolvers may finish on any thread; their values are taken up by one turn at a time, so
/// that the result needs no locks. What finishes at once is never turned into a task.
/// </summary>
internal sealed class Executor : IDisposable
{
    private readonly OperationPlan _plan;
    private readonly VariableValues _variables;
    private readonly ExecutionOptions _options;
    private readonly ResponseBudget _budget;
    private readonly Turns _turns = new();
    private Dictionary<object, ILoaderQueue>? _queues;
    private Arguments?[] _arguments = [];

    public Executor(OperationPlan plan, VariableValues variables, ExecutionOptions options, CancellationToken cancellationToken)
    {
        (_plan, _variables, _options, CancellationToken) = (plan, variables, options, cancellationToken);
        _budget = new ResponseBudget(options.Values, options.Limits.MaxResponseBytes, cancellationToken);
        Result.Add(1, -1);
    }

    public object? State => _options.State;

    public IValueBuffer? Values => _options.Values;

    public Schema Schema => _plan.Schema;

    public CancellationToken CancellationToken { get; }

    public ResultTree Result { get; } = new();

    public List<GraphQLError>? Errors { get; private set; }

    /// <summary>Runs to the end; completed on return where nothing had to be waited for.</summary>
    public ValueTask RunAsync(object? root)
    {
        CancellationToken.ThrowIfCancellationRequested();
        var start = Result.Open(0, ResultKind.Object, _plan.Root, _plan.Root.Fields.Length);
        if (_plan.Operation.Operation == OperationKind.Mutation)
        {
            return RunSeriallyAsync(start, root);
        }
        try
        {
            for (var i = 0; i < _plan.Root.Fields.Length; i++)
            {
                if (!ExecuteField(start + i, _plan.Root.Fields[i], root))
                {
                    Result.Nullify(0);
                    break;
                }
            }
        }
        catch (ResponseLimitException limit)
        {
            GiveUp(limit);
            return ValueTask.CompletedTask;
        }
        return _turns.IsIdle ? ValueTask.CompletedTask : DrainAsync();
    }

    public LoaderQueue<TKey, TValue> Queue<TKey, TValue>(BatchLoader<TKey, TValue> loader)
        where TKey : notnull
    {
        lock (_turns)
        {
            _queues ??= new(ReferenceEqualityComparer.Instance);
            if (!_queues.TryGetValue(loader, out var queue))
            {
                _queues.Add(loader, queue = new LoaderQueue<TKey, TValue>(loader, this));
            }
            return (LoaderQueue<TKey, TValue>)queue;
        }
    }

    /// <summary>Takes up the end of a task within a turn.</summary>
    public void Track(Task task, Action completed) => _turns.Add(task, completed);

    /// <summary>Lets the executor look for batches to load.</summary>
    public void Wake() => _turns.Wake();

    public void Dispose() => Result.Dispose();

    private async ValueTask RunSeriallyAsync(int start, object? root)
    {
        for (var i = 0; i < _plan.Root.Fields.Length; i++)
        {
            try
            {
                if (!ExecuteField(start + i, _plan.Root.Fields[i], root))
                {
                    Result.Nullify(0);
                }
            }
            catch (ResponseLimitException limit)
            {
                GiveUp(limit);
            }
            await DrainAsync().ConfigureAwait(false);
            if (Result[0].Kind == ResultKind.Null)
            {
                return;
            }
        }
    }

    private async ValueTask DrainAsync()
    {
        try
        {
            while (true)
            {
                _turns.Run();
                if (_turns.IsIdle)
                {
                    return;
                }
                if (!Dispatch())
                {
                    await _turns.WaitAsync(CancellationToken).ConfigureAwait(false);
                }
                CancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (ResponseLimitException limit)
        {
            GiveUp(limit);
        }
    }

    // What is still being waited for is answered to nobody.
    private void GiveUp(ResponseLimitException limit)
    {
        Result[0].Kind = ResultKind.Null;
        Errors = [limit.Error];
    }

    private bool Dispatch()
    {
        ILoaderQueue[] queues;
        lock (_turns)
        {
            queues = _queues is null ? [] : [.. _queues.Values];
        }
        var dispatched = false;
        foreach (var queue in queues)
        {
            dispatched |= queue.Dispatch();
        }
        return dispatched;
    }

    // False where the object cannot be without the field; an error was then noted.
    private bool ExecuteField(int at, FieldPlan field, object? parent)
    {
        if (field.IsTypeName)
        {
            (Result[at].Kind, Result[at].Reference) = (ResultKind.String, field.Parent.Name);
            return true;
        }
        try
        {
            var arguments = field.ConstantArguments ?? ArgumentsOf(field);
            var context = new ResolverContext(this, field);
            if (field.Definition.AsyncResolver is not { } resolve)
            {
                return CompleteField(at, field, field.Definition.Resolver is { } read
                    ? read(context, parent, arguments)
                    : MemberReader.Read(parent, field.Definition.Name));
            }
            var pending = resolve(context, parent, arguments);
            if (pending.IsCompletedSuccessfully)
            {
                return CompleteField(at, field, pending.Result);
            }
            Await(at, field, pending.AsTask());
            return true;
        }
        catch (Exception failure) when (IsOfField(failure))
        {
            return Fail(at, field, failure);
        }
    }

    private bool IsOfField(Exception failure) =>
        failure is not ResponseLimitException && (failure is not OperationCanceledException || !CancellationToken.IsCancellationRequested);

    private void Await(int at, FieldPlan field, Task<FieldValue> pending)
    {
        Result[at].Kind = ResultKind.Waiting;
        _turns.Add(pending, () =>
        {
            if (!Result.IsAlive(at))
            {
                return;
            }
            bool completed;
            try
            {
                completed = CompleteField(at, field, pending.GetAwaiter().GetResult());
            }
            catch (Exception failure) when (IsOfField(failure))
            {
                completed = Fail(at, field, failure);
            }
            if (!completed)
            {
                Result.Nullify(at);
            }
        });
    }

    private bool CompleteField(int at, FieldPlan field, FieldValue value)
    {
        // Most fields are leaves: they need not find out what their type is.
        var completed = field.Leaf is { } leaf && value.Kind != FieldValueKind.Null
            ? LeafOutput.TryStore(ref Result[at], leaf, value, out var error) || NoteFailure(at, field, error)
            : Complete(at, field, field.Definition.Type, value);
        if (completed)
        {
            _budget.Use(ResultTree.Size(Result[at]), field);
            return true;
        }
        Result[at].Kind = ResultKind.Null;
        return field.Definition.Type is not NonNullType;
    }

    // False where the value failed; an error was then noted (CompleteValue, spec §6.4.3).
    private bool Complete(int at, FieldPlan field, SchemaType type, FieldValue value)
    {
        if (type is NonNullType nonNull)
        {
            if (value.Kind == FieldValueKind.Null)
            {
                Note(at, field, $"Cannot return null for non-nullable field {Coordinate(field)}.", ErrorCodes.InternalError);
                return false;
            }
            type = nonNull.Inner;
        }
        if (value.Kind == FieldValueKind.Null)
        {
            Result[at].Kind = ResultKind.Null;
            return true;
        }
        switch (type)
        {
            case ListType { Named.IsLeaf: true } when value.Kind == FieldValueKind.Json:
                return LeafOutput.TryStore(ref Result[at], type.Named, value, out _);
            case ListType list:
                return CompleteList(at, field, list, value);
            case ObjectType known:
                return CompleteObject(at, field, known, value);
            case CompositeType supertype:
                return RuntimeTypes.Find(Schema, supertype, value.Reference) is { } actual
                    ? CompleteObject(at, field, actual, value)
                    : NoteFailure(
                        at, field, $"Abstract type \"{supertype}\" must resolve to an Object type at runtime for field \"{Coordinate(field)}\".");
            default:
                return LeafOutput.TryStore(ref Result[at], type.Named, value, out var error) || NoteFailure(at, field, error);
        }
    }

    private bool CompleteObject(int at, FieldPlan field, ObjectType type, in FieldValue value)
    {
        if (value.Reference is null || value.Kind == FieldValueKind.Json)
        {
            return NoteFailure(at, field, $"Expected value of type \"{type}\" for field \"{Coordinate(field)}\".");
        }
        RuntimeHelpers.EnsureSufficientExecutionStack();
        CancellationToken.ThrowIfCancellationRequested();
        var selection = field.SelectionFor(type);
        if (Values is not null && TryWrite(at, selection.Writer, value.Reference))
        {
            return true;
        }
        _budget.Use(selection.Bytes, field);
        var start = Result.Open(at, ResultKind.Object, selection, selection.Fields.Length);
        for (var i = 0; i < selection.Fields.Length; i++)
        {
            if (!ExecuteField(start + i, selection.Fields[i], value.Reference))
            {
                return false;
            }
        }
        return true;
    }

    private bool TryWrite(int at, SelectionWriter writer, object parent)
    {
        if (writer == SelectionWriter.None)
        {
            return false;
        }
        var start = Values!.Length;
        _budget.Begin();
        try
        {
            if (writer.TryWrite(parent, _budget))
            {
                ref var result = ref Result[at];
                (result.Kind, result.Reference, result.Bits) = (ResultKind.Json, Values.Bytes, ((long)start << 32) | (uint)(Values.Length - start));
                return true;
            }
        }
        catch (Exception failure) when (IsOfField(failure))
        {
            // It fails again below, where the field at fault is known and the error is told.
        }
        Values.BackTo(start);
        return false;
    }

    private bool CompleteList(int at, FieldPlan field, ListType list, in FieldValue value)
    {
        if (MemberReader.Items(value) is not { } items)
        {
            return NoteFailure(at, field, $"Expected Iterable, but did not find one for field \"{Coordinate(field)}\".");
        }
        var start = Result.Open(at, ResultKind.List, list, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (Complete(start + i, field, list.Item, FieldValue.From(items[i])))
            {
                _budget.Use(ResultTree.Size(Result[start + i]), field);
                continue;
            }
            Result[start + i].Kind = ResultKind.Null;
            if (list.Item is NonNullType)
            {
                return false;
            }
        }
        return true;
    }

    // Coerced once for all values of the field.
    private Arguments ArgumentsOf(FieldPlan field)
    {
        if (field.Number >= _arguments.Length)
        {
            Array.Resize(ref _arguments, Math.Max(field.Number + 1, _plan.FieldCount));
        }
        return _arguments[field.Number] ??= InputCoercion.Arguments(field.Definition.Arguments, field.Nodes[0].Arguments, field.Nodes[0], _variables);
    }

    private bool Fail(int at, FieldPlan field, Exception failure)
    {
        switch (failure)
        {
            case GraphQLException known:
                Note(at, field, known.Message, known.Code, known.Extensions);
                break;
            case FieldInputException input:
                (Errors ??= []).Add(new GraphQLError(input.Error.Message, input.Error.Locations, input.Error.Code) { Path = Result.Path(at) });
                break;
            default:
                _options.OnError?.Invoke(failure, Coordinate(field));
                Note(at, field, $"The field {Coordinate(field)} could not be answered.", ErrorCodes.InternalError);
                break;
        }
        Result[at].Kind = ResultKind.Null;
        return field.Definition.Type is not NonNullType;
    }

    private static string Coordinate(FieldPlan field) => $"{field.Parent}.{field.Definition.Name}";

    private bool NoteFailure(int at, FieldPlan field, string message)
    {
        Note(at, field, message, ErrorCodes.InternalError);
        return false;
    }

    private void Note(int at, FieldPlan field, string message, string? code, IReadOnlyDictionary<string, object?>? extensions = null) =>
        (Errors ??= []).Add(new GraphQLError(message, [.. field.Nodes.Select(node => node.Location)], code)
        {
            Path = Result.Path(at),
            Extensions = extensions,
        });
}
