using CustobotGateway.Common;
using Dapper;
using FluentValidation;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Pieces of lines that a request names, and what is done to them.</summary>
internal static class Pieces
{
    /// <summary>
    /// The pieces that a request means: those that it names, or all that are left where it names none. Refused where a line is unknown or has not so many left.
    /// </summary>
    /// <param name="asked">What the request names; null for everything.</param>
    /// <param name="order">The order, whose row the caller holds.</param>
    /// <param name="left">How many of a line are left for it.</param>
    public static Outcome<LineQuantity[]> Of(IReadOnlyList<LineQuantity>? asked, StoredOrder order, Func<string, LineState, int> left)
    {
        if (asked is null)
        {
            LineQuantity[] all = [.. order.Order.LineItems.Select(line => new LineQuantity(line.Id, left(line.Id, order.States[line.Id]))).Where(piece => piece.Quantity > 0)];
            return all.Length > 0 ? all : OrderProblems.QuantityUnavailable.With("Nothing of the order is left for this.");
        }
        foreach (var (index, piece) in asked.Index())
        {
            if (!order.States.TryGetValue(piece.Id, out var state))
            {
                return OrderProblems.LineUnknown.With($"The order has no line {piece.Id}.", [new($"/line_items/{index}/id", "unknown_line", $"The lines are {string.Join(", ", order.States.Keys)}.")]);
            }
            if (left(piece.Id, state) is var rest && piece.Quantity > rest)
            {
                return OrderProblems.QuantityUnavailable.With($"{rest} of {piece.Id} are left for this, not {piece.Quantity}.",
                    [new($"/line_items/{index}/quantity", "too_many", $"At most {rest}.")]);
            }
        }
        return asked.ToArray();
    }

    // The order's status follows from its lines (LineState.StatusOf): it is kept, so that lists can ask for it.
    private const string AddSql = """
        insert into checkout.line_acts (order_id, line_id, act, quantity, act_id) select @orderId, line, @act, quantity, @actId from unnest(@lines, @quantities) as given (line, quantity);
        update checkout.orders o
        set status = case when n.total = 0 then 'removed' when n.fulfilled = n.total then 'fulfilled' when n.fulfilled > 0 then 'partial' else 'processing' end
        from (
            select (select sum((l->>'quantity')::int) from checkout.orders q, jsonb_array_elements(q.line_items) l where q.id = @orderId)
                       - coalesce(sum(quantity) filter (where act in ('canceled', 'returned')), 0) as total,
                   coalesce(sum(case act when 'shipped' then quantity when 'recalled' then -quantity when 'returned' then -quantity end), 0) as fulfilled
            from checkout.line_acts where order_id = @orderId) n
        where o.id = @orderId and @act in ('shipped', 'recalled', 'canceled', 'returned')
        """;

    /// <summary>Writes down what was done to pieces. The order's row is held by the caller.</summary>
    public static Task AddAsync(
        NpgsqlTransaction transaction, string orderId, string act, string actId, IReadOnlyCollection<LineQuantity> pieces, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(AddSql,
            new { orderId, act, actId, lines = pieces.Select(piece => piece.Id).ToArray(), quantities = pieces.Select(piece => piece.Quantity).ToArray() }, transaction,
            cancellationToken: cancellationToken));

    /// <summary>Holds a list of pieces to its form; null is allowed.</summary>
    public static void Rules<T>(AbstractValidator<T> validator, System.Linq.Expressions.Expression<Func<T, IReadOnlyList<LineQuantity>?>> member)
    {
        var read = member.Compile();
        validator.RuleFor(member).Must(pieces => pieces!.Count is > 0 and <= ContentRules.MaxLines && pieces.All(piece => piece is not null)
                && pieces.Select(piece => piece.Id).Distinct(StringComparer.Ordinal).Count() == pieces.Count)
            .When(request => read(request) is not null).WithErrorCode("invalid").WithMessage($"'line_items' holds 1 to {ContentRules.MaxLines} lines, each once.");
        validator.RuleForEach(System.Linq.Expressions.Expression.Lambda<Func<T, IEnumerable<LineQuantity>>>(member.Body, member.Parameters)).ChildRules(piece =>
        {
            piece.RuleFor(one => one.Id).NotEmpty().MaximumLength(64);
            piece.RuleFor(one => one.Quantity).InclusiveBetween(1, ContentRules.MaxQuantity)
                .WithMessage($"'quantity' is 1 to {ContentRules.MaxQuantity}.");
        });
    }
}
