using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>The source stream of a subscription (CreateSourceEventStream, spec §6.2.3.1).</summary>
internal sealed class SubscriptionEvents
{
    public SubscriptionEvents(OperationPlan plan, VariableValues variables, ExecutionOptions options, CancellationToken cancellationToken)
    {
        var field = plan.Root.Fields[0];
        using var executor = new Executor(plan, variables, options, cancellationToken);
        try
        {
            var arguments = field.ConstantArguments
                ?? InputCoercion.Arguments(field.Definition.Arguments, field.Nodes[0].Arguments, field.Nodes[0], variables);
            Events = field.Definition.Source?.Invoke(new ResolverContext(executor, field), arguments);
            Error = Events is null
                ? new($"The field {field.Parent}.{field.Definition.Name} has no events.", [field.Nodes[0].Location], ErrorCodes.InternalError)
                : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Error = Describe(failure, options, [.. field.Nodes.Select(node => node.Location)]);
        }
    }

    public IAsyncEnumerable<object?>? Events { get; }

    public GraphQLError? Error { get; }

    /// <summary>The next event; neither event nor error at the end.</summary>
    public static async ValueTask<(bool HasEvent, object? Event, GraphQLError? Error)> NextAsync(
        IAsyncEnumerator<object?> events, ExecutionOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false) ? (true, events.Current, null) : (false, null, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return (false, null, Describe(failure, options, []));
        }
    }

    private static GraphQLError Describe(Exception failure, ExecutionOptions options, IReadOnlyList<SourceLocation> locations)
    {
        switch (failure)
        {
            case GraphQLException known:
                return new GraphQLError(known.Message, locations, known.Code) { Extensions = known.Extensions };
            case FieldInputException input:
                return input.Error;
            default:
                options.OnError?.Invoke(failure, "subscription");
                return new GraphQLError("The events could not be read.", locations, ErrorCodes.InternalError);
        }
    }
}
