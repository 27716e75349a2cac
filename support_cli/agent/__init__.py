"""The only code that knows LangChain and LangGraph."""
