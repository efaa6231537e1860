"""What a gold document and a prediction must be: the JSON Schemas, and what no schema can say."""

from volgens.contract.gold import check_gold
from volgens.contract.problem import Problem, Where
from volgens.contract.schema import enumeration, explain, schema

__all__ = ["Problem", "Where", "check_gold", "enumeration", "explain", "schema"]
