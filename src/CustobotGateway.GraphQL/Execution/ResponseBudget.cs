
namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// Holds a response to its largest size while it is made: what a document may ask is bounded beforehand by the sizes that lists are declared
/// or asked to have, but not what texts and lists turn out to hold.
/// </summary>
internal sealed class ResponseBudget(IValueBuffer? output, long maxBytes, CancellationToken cancellationToken)
{
    private long _used;
    private int _start;

    /// <summary>Where writers write.</summary>
    public IValueBuffer Output => output!;

    /// <summary>Counts bytes of the response.</summary>
    public void Use(long bytes, FieldPlan field)
    {
        _used += bytes;
        if (_used > maxBytes)
        {
            throw new ResponseLimitException(maxBytes, field);
        }
    }

    /// <summary>Begins to write; what is written counts once it is used.</summary>
    public void Begin() => _start = output!.Length;

    /// <summary>Looks, in the midst of writing, whether to go on.</summary>
    public void Check(FieldPlan field)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_used + output!.Length - _start > maxBytes)
        {
            throw new ResponseLimitException(maxBytes, field);
        }
    }
}

/// <summary>Ends the execution: the response would be larger than allowed.</summary>
internal sealed class ResponseLimitException(long maxBytes, FieldPlan field) : Exception
{
    public GraphQLError Error { get; } = new(
        $"The response is larger than the {maxBytes} bytes that are allowed.", [.. field.Nodes.Select(node => node.Location)], ErrorCodes.ResponseLimitExceeded);
}
