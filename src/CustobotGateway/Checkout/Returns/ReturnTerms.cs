using CustobotGateway.Checkout.Pricing;

namespace CustobotGateway.Checkout.Returns;

/// <summary>
/// The merchant's rules as they were when the goods were priced, as far as they are about these goods: an order copies them, and what the merchant changes later is about
/// later orders. Words for the buyer are left out, since they are told as they are now.
/// </summary>
/// <param name="Policy">The rules.</param>
/// <param name="Categories">The categories of the goods by product id, where they have one.</param>
internal sealed record ReturnTerms(ReturnPolicy Policy, IReadOnlyDictionary<string, string> Categories)
{
    public static ReturnTerms Of(ReturnPolicy policy, IEnumerable<Goods> goods)
    {
        var categories = goods.DistinctBy(one => one.ProductId).ToDictionary(one => one.ProductId, one => one.Category, StringComparer.Ordinal);
        var names = categories.Values.OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new ReturnTerms(
            policy with
            {
                WindowDaysByCategory = policy.WindowDaysByCategory.Where(one => names.Contains(one.Key)).ToDictionary(),
                ExcludedCategories = [.. policy.ExcludedCategories.Where(names.Contains)],
                FinalSale = [.. policy.FinalSale.Where(categories.ContainsKey)],
                Conditions = [],
                Instructions = "",
            },
            categories.Where(one => one.Value is not null).ToDictionary(one => one.Key, one => one.Value!));
    }
}
