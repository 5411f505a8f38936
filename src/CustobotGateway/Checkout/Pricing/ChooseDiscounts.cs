using CustobotGateway.Checkout.Shop;

namespace CustobotGateway.Checkout.Pricing;

/// <summary>Which of the shop's discounts a basket gets: the codes that were entered, in their order, and then those that apply by themselves.</summary>
internal static class ChooseDiscounts
{
    /// <summary>What was chosen, in the order in which it is reckoned, and a warning for each code that does not help.</summary>
    public static (IReadOnlyList<DiscountRule> Chosen, IReadOnlyList<Message> Warnings) Run(Basket basket, long subtotal, ShopSettings shop, DateTimeOffset now)
    {
        var chosen = new List<DiscountRule>();
        var warnings = new List<Message>();
        for (var i = 0; i < basket.Codes.Count; i++)
        {
            var code = basket.Codes[i].Trim();
            var rule = shop.Discounts.FirstOrDefault(one => string.Equals(one.Code, code, StringComparison.OrdinalIgnoreCase));
            if (Refusal(rule, chosen, basket, subtotal, now) is var (reason, content))
            {
                warnings.Add(Message.Warning("discount_code_" + reason, content, $"$.discounts.codes[{i}]", "Leave the code out, or enter another."));
            }
            else
            {
                chosen.Add(rule!);
            }
        }
        foreach (var rule in shop.Discounts.Where(one => one.Code is null).OrderBy(one => one.Priority).ThenBy(one => one.Id, StringComparer.Ordinal))
        {
            if (Refusal(rule, chosen, basket, subtotal, now) is null)
            {
                chosen.Add(rule);
            }
        }
        return ([.. chosen.OrderBy(one => one.Priority).ThenBy(one => one.Id, StringComparer.Ordinal)], warnings);
    }

    private static (string Reason, string Content)? Refusal(DiscountRule? rule, List<DiscountRule> chosen, Basket basket, long subtotal, DateTimeOffset now)
    {
        if (rule is null || now < rule.StartsAt)
        {
            return ("invalid", "There is no such discount code.");
        }
        if (now >= rule.EndsAt)
        {
            return ("expired", $"The discount ended at {rule.EndsAt:O}.");
        }
        if (rule.Uses is { } uses && basket.Uses.GetValueOrDefault(rule.Id) >= uses)
        {
            return ("expired", "The discount has been used as often as it may be.");
        }
        if (chosen.Contains(rule))
        {
            return ("already_applied", "The discount is applied already.");
        }
        // A price that was bargained for is the price.
        if (basket.Lines.Any(line => line.Agreed is not null))
        {
            return ("combination_disallowed", "Discounts do not go together with an agreed price.");
        }
        if (chosen.Count > 0 && (!rule.Combinable || chosen.Any(one => !one.Combinable)))
        {
            return ("combination_disallowed", "The discount does not go together with another that is applied.");
        }
        if ((rule.Amount is { } amount && amount.Currency != basket.Currency) || (rule.Minimum is { } minimum && minimum.Currency != basket.Currency))
        {
            return ("user_ineligible", $"The discount is not for orders in {basket.Currency}.");
        }
        if (rule.Minimum is { } least && subtotal < least.Amount)
        {
            return ("user_ineligible", $"The goods have to come to {least.Amount} minor units of {least.Currency}.");
        }
        return rule.Categories.Count > 0 && !basket.Lines.Any(line => Covers(rule, line))
            ? ("user_ineligible", "No product of the order is among those that the discount is for.")
            : null;
    }

    /// <summary>Whether the discount is for the line's product.</summary>
    public static bool Covers(DiscountRule rule, BasketLine line) =>
        rule.Categories.Count == 0 || (line.Goods.Category is { } category && rule.Categories.Contains(category, StringComparer.OrdinalIgnoreCase));
}
