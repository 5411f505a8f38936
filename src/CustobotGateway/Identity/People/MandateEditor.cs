using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.Identity.People;

/// <summary>What a person made of the mandates that a client asked for.</summary>
/// <param name="Details">The narrowed details; null where the form is at fault, or none were asked.</param>
/// <param name="Faults">What is wrong, by the name of the field; the empty name is of the whole.</param>
internal sealed record EditedMandates(AuthorizationDetails? Details, IReadOnlyDictionary<string, string> Faults)
{
    public bool IsRight => Faults.Count == 0;
}

/// <summary>
/// Lowers the numbers of mandates as a person writes them. Pure: the same request and form give the same details, and whatever the form holds, the result
/// is covered by what was asked.
/// </summary>
internal static class MandateEditor
{
    private const string Categories = "categories";

    public static string CategoryName(int mandate) => new MandateField(Categories, "", MandateFieldKind.Count, false).NameIn(mandate);

    public static EditedMandates Edit(AuthorizationDetails? asked, IFormCollection form, IReadOnlyCollection<DetailType> types, DateTimeOffset now)
    {
        if (asked is null)
        {
            return new(null, new Dictionary<string, string>());
        }
        var faults = new Dictionary<string, string>();
        var edited = new JsonArray();
        foreach (var (i, element) in asked.Elements.Index())
        {
            var mandate = JsonObject.Create(element)!;
            if (IsMandate(element))
            {
                EditMandate(i, element, mandate, form, faults);
            }
            edited.Add(mandate);
        }
        if (faults.Count > 0)
        {
            return new(null, faults);
        }
        if (!AuthorizationDetails.Read(edited.ToJsonString(), types, now).TryGet(out var details, out var error))
        {
            faults[""] = "The limits do not fit together: " + error.Description;
            return new(null, faults);
        }
        // The one relation that every hop is held to decides here too; the faults above only say it field by field.
        if (!asked.Covers(details))
        {
            faults[""] = "You can lower what is asked, not raise it.";
            return new(null, faults);
        }
        return new(details, faults);
    }

    public static bool IsMandate(JsonElement element) => element.TryGetProperty("type", out var type) && type.ValueEquals(PurchaseMandate.TypeName);

    private static void EditMandate(int index, JsonElement asked, JsonObject mandate, IFormCollection form, Dictionary<string, string> faults)
    {
        foreach (var field in MandateField.All)
        {
            var name = field.NameIn(index);
            if (!form.TryGetValue(name, out var values))
            {
                continue;
            }
            var text = values.Count == 1 ? values[0] : null;
            var was = field.Find(asked);
            if (was is null && (!field.MayBeAdded || string.IsNullOrWhiteSpace(text)))
            {
                continue;
            }
            if (text is null || !field.TryRead(asked, text, out var value))
            {
                faults[name] = field.Kind switch
                {
                    MandateFieldKind.Amount => "Write an amount, such as " + (field.TextOf(asked) is { Length: > 0 } shown ? shown : "50.00") + ".",
                    MandateFieldKind.Count => "Write a whole number.",
                    _ => "Choose a day.",
                };
                continue;
            }
            if (value is not null)
            {
                Set(mandate, field.Path, value);
            }
            if (was is { } most && IsRaised(field, most, value))
            {
                faults[name] = $"At most {field.TextOf(asked)}: you can lower what is asked, not raise it.";
            }
        }
        LowerWhatIsAbove(mandate);
        if (form.TryGetValue(CategoryName(index), out var kept) && asked.TryGetProperty(Categories, out var all))
        {
            // What was not asked cannot be ticked; nothing ticked at all comes as the hidden empty value and would allow nothing.
            var chosen = all.EnumerateArray().Select(category => category.GetString()!).Where(category => kept.Contains(category)).ToList();
            if (chosen.Count == 0 && all.GetArrayLength() > 0)
            {
                faults[CategoryName(index)] = "Choose at least one category, or refuse.";
            }
            mandate[Categories] = new JsonArray([.. chosen.Select(category => (JsonNode)category)]);
        }
    }

    // Whoever lowers the total means that no order is above it, and by it no item.
    private static void LowerWhatIsAbove(JsonObject mandate)
    {
        if (mandate["limits"] is not JsonObject limits)
        {
            return;
        }
        var most = long.MaxValue;
        foreach (var name in (string[])["total", "per_order", "per_item"])
        {
            if (limits[name] is { } limit && (most = Math.Min(most, Number(limit))) < Number(limit))
            {
                limits[name] = most;
            }
        }
    }

    private static bool IsRaised(MandateField field, JsonElement most, JsonNode? value) => field.Kind switch
    {
        MandateFieldKind.Amount or MandateFieldKind.Count => Number(value!) > most.GetInt64(),
        _ => Deadline.TryRead(most, out var end) && Deadline.TryRead(JsonSerializer.SerializeToElement(value), out var wanted) && wanted > end,
    };

    private static long Number(JsonNode value) => JsonSerializer.SerializeToElement(value).GetInt64();

    private static void Set(JsonObject mandate, string path, JsonNode value)
    {
        var steps = path.Split('.');
        var at = mandate;
        foreach (var step in steps[..^1])
        {
            if (at[step] is not JsonObject inner)
            {
                at[step] = inner = [];
            }
            at = inner;
        }
        at[steps[^1]] = value;
    }
}
